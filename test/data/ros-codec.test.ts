import { describe, expect, it } from 'vitest';
import { rosDecoder, rosDefinition, rosEncoder } from '../../src/data/ros-codec.ts';
import { BadMessage } from '../../src/errors.ts';

const stamps = { ros1: { sec: 12, nsec: 34 }, cdr: { sec: 12, nanosec: 34 } } as const;
const encodings = ['ros1', 'cdr'] as const;

describe.each(encodings)('%s', (encoding) => {
  const head = { ...(encoding === 'ros1' ? { seq: 5 } : {}), stamp: stamps[encoding], frame_id: 'base_link' };
  const round = (type: string, message: object): unknown =>
    rosDecoder(encoding, rosDefinition(encoding, type))(rosEncoder(encoding, type)(message));

  it('gives back what was written', () => {
    const twist = { linear: { x: 0.1, y: -0, z: 5e-324 }, angular: { x: 1, y: Number.POSITIVE_INFINITY, z: -2 } };
    expect(round('geometry_msgs/Twist', twist)).toEqual(twist);
    expect(round('geometry_msgs/TwistStamped', { header: head, twist })).toEqual({ header: head, twist });
    const image = {
      header: head,
      height: 1,
      width: 2,
      encoding: 'rgb8',
      is_bigendian: 0,
      step: 6,
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
    };
    expect(round('sensor_msgs/Image', image)).toEqual(image);
    const joints = {
      header: head,
      name: ['a', encoding === 'ros1' ? 'grüß' : 'b'],
      position: Float64Array.of(1, NaN),
      velocity: new Float64Array(),
      effort: new Float64Array(),
    };
    expect(round('sensor_msgs/JointState', joints)).toEqual(joints);
  });

  it('says so when bytes are not what the definition says', () => {
    const decode = rosDecoder(encoding, rosDefinition(encoding, 'sensor_msgs/Image'), 'a message on /camera');
    expect(() => decode(new Uint8Array(3))).toThrow(BadMessage);
    expect(() => decode(new Uint8Array(3))).toThrow(
      /a message on \/camera must be as its definition says, got 3 bytes/,
    );
    expect(() => rosDecoder(encoding, 'this is } no definition')).toThrow(BadMessage);
  });

  it('knows common types only', () => {
    expect(() => rosEncoder(encoding, 'my_msgs/Own')).toThrow(/type must be a common one/);
    expect(() => rosDefinition(encoding, '__proto__')).toThrow(RangeError);
  });
});

it('CDR refuses the texts that its writer would cut off', () => {
  expect(() => rosEncoder('cdr', 'std_msgs/String')({ data: 'grüß' })).toThrow(RangeError);
});

it('definitions hold all types within', () => {
  const text = rosDefinition('ros1', 'geometry_msgs/TwistStamped');
  for (const part of ['MSG: geometry_msgs/Twist', 'MSG: geometry_msgs/Vector3', 'MSG: std_msgs/Header'])
    expect(text).toContain(part);
});

it('definitions for ROS 2 have its own stamps, and are read as others write them', () => {
  const text = rosDefinition('cdr', 'trajectory_msgs/JointTrajectory');
  expect(text).toMatch(/^builtin_interfaces\/Time stamp$/m);
  expect(text).toMatch(/^builtin_interfaces\/Duration time_from_start$/m);
  expect(text).toMatch(/^MSG: builtin_interfaces\/Time\nint32 sec\nuint32 nanosec$/m);
  expect(text).not.toMatch(/^(time|duration) /m);
  expect(rosDefinition('ros1', 'std_msgs/Header')).toMatch(/^time stamp$/m);
});
