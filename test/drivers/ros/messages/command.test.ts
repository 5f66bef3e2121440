import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CommandOptions,
  type CommandType,
  command,
  commandTypes,
  twistNames,
} from '../../../../src/drivers/ros/messages/command.ts';
import { decodeRaw, encodeRaw } from '../../../../src/drivers/ros/raw.ts';

const namesFor = (type: CommandType) =>
  type.startsWith('geometry_msgs/') ? ['linear.x', 'angular.z'] : ['hip', 'knee'];
const options = (type: CommandType, more: Partial<CommandOptions> = {}): CommandOptions => ({
  type,
  version: 1,
  names: namesFor(type),
  frameId: 'base',
  stepMs: 50,
  ...more,
});

describe('a command', () => {
  it.each([1, 2] as const)('as a twist has what is named and 0 for the rest, on ROS %d', (version) => {
    const twist = { linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: -1 } };
    expect(command(options('geometry_msgs/Twist', { version }))([0.5, -1], 1500)).toEqual(twist);
    const stamp = version === 1 ? { secs: 1, nsecs: 5e8 } : { sec: 1, nanosec: 5e8 };
    expect(command(options('geometry_msgs/TwistStamped', { version }))([0.5, -1], 1500)).toEqual({
      header: { ...(version === 1 && { seq: 0 }), stamp, frame_id: 'base' },
      twist,
    });
  });

  it.each([1, 2] as const)('as a trajectory is one point ahead of now, on ROS %d', (version) => {
    const message = command(options('trajectory_msgs/JointTrajectory', { version }))([1, 2], 1500);
    const time = (s: number, ns: number) => (version === 1 ? { secs: s, nsecs: ns } : { sec: s, nanosec: ns });
    expect(message).toMatchObject({
      header: { stamp: time(0, 0) },
      joint_names: ['hip', 'knee'],
      points: [{ positions: [1, 2], time_from_start: time(0, 50_000_000) }],
    });
  });

  it('as numbers is in the order of its names', () => {
    expect(command(options('std_msgs/Float64MultiArray'))([1, 2], 0)).toMatchObject({ data: [1, 2] });
  });

  it('survives JSON and the wire of either version as it is', () => {
    const action = fc.tuple(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...commandTypes),
        fc.constantFrom(1 as const, 2 as const),
        action,
        (type, version, values) => {
          const message = command(options(type, { version }))(values, 1500);
          expect(JSON.stringify(message)).not.toMatch(/null/);
          const back = decodeRaw(type, version, { bytes: encodeRaw(type, version, message) });
          expect(JSON.stringify(plain(back))).toEqual(JSON.stringify(message));
        },
      ),
    );
  });

  it.each(commandTypes)('of %s is never sent when it is not finite or not whole', (type) => {
    const say = command(options(type));
    for (const action of [[Number.NaN, 0], [0, Number.POSITIVE_INFINITY], [0], [0, 0, 0], []]) {
      expect(() => say(action, 0)).toThrow(RangeError);
    }
  });

  it.each([
    ['geometry_msgs/Twist', ['linear.x', 'angular.zz'], /got "angular.zz"/, 'did you mean angular.z?'],
    ['geometry_msgs/Twist', ['linear.x', 'linear.x'], /"linear.x" twice/, undefined],
    ['std_msgs/Float64MultiArray', [], /got none/, undefined],
    ['trajectory_msgs/JointTrajectory', [''], /got ""/, undefined],
    ['geometry_msgs/Twists', ['linear.x'], /got "geometry_msgs\/Twists"/, 'did you mean geometry_msgs/Twist?'],
  ])('of %s with %j cannot be', (type, names, message, hint) => {
    expect(() => command(options(type as CommandType, { names }))).toThrow(
      expect.objectContaining({ name: 'BadConfig', hint, message: expect.stringMatching(message) }),
    );
  });

  it('needs its point to be ahead', () => {
    expect(() => command(options('trajectory_msgs/JointTrajectory', { stepMs: 0 }))).toThrow(RangeError);
  });

  it('may name every part of a twist', () => {
    const twist = command(options('geometry_msgs/Twist', { names: [...twistNames].reverse() }))([6, 5, 4, 3, 2, 1], 0);
    expect(twist).toEqual({ linear: { x: 1, y: 2, z: 3 }, angular: { x: 4, y: 5, z: 6 } });
  });
});

/** Typed arrays as lists. */
const plain = (message: unknown) =>
  JSON.parse(
    JSON.stringify(message, (_, value) =>
      ArrayBuffer.isView(value) ? Array.from(value as unknown as number[]) : value,
    ),
  );
