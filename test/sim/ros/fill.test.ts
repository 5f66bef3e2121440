import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FillOptions, filled } from '../../../sim/ros/fill.ts';

const options = (version: 1 | 2, faults = false): FillOptions => ({
  version,
  faults,
  now: () => (version === 1 ? { secs: 7, nsecs: 8 } : { sec: 7, nanosec: 8 }),
});
const fill1 = (type: string, given: unknown) => filled(type, given, options(1));

const vector = (x: unknown) => ({ linear: { x, y: 0, z: 0 } });

describe('a publish', () => {
  it('is completed with zeros', () => {
    expect(fill1('geometry_msgs/Twist', vector(1))).toEqual({
      linear: { x: 1, y: 0, z: 0 },
      angular: { x: 0, y: 0, z: 0 },
    });
    expect(fill1('std_msgs/String', {})).toEqual({ data: '' });
    expect(fill1('sensor_msgs/CameraInfo', {}).K).toEqual(Array(9).fill(0));
  });

  it.each([
    ['no such type', 'nobody_msgs/Nothing', {}],
    ['a type inherited from Object', 'toString', {}],
    ['no object', 'geometry_msgs/Twist', [1]],
    ['an unknown field', 'geometry_msgs/Twist', { linaer: {} }],
    ['an unknown field within', 'geometry_msgs/Twist', { linear: { q: 1 } }],
    ['a field called __proto__', 'geometry_msgs/Twist', JSON.parse('{"__proto__": {"x": 1}}')],
    ['null, which is NaN', 'geometry_msgs/Twist', vector(null)],
    ['a text for a number', 'geometry_msgs/Twist', vector('1')],
    ['a boolean for a number', 'geometry_msgs/Twist', vector(true)],
    ['a fraction for a whole number', 'std_msgs/Int32', { data: 0.5 }],
    ['a number out of range', 'std_msgs/UInt8', { data: 256 }],
    ['a negative unsigned number', 'std_msgs/UInt32', { data: -1 }],
    ['a number for a text', 'std_msgs/String', { data: 1 }],
    ['a number for a boolean', 'std_msgs/Bool', { data: 1 }],
    ['no list for a list', 'std_msgs/Float64MultiArray', { data: 1 }],
    ['null in a list', 'std_msgs/Float64MultiArray', { data: [1, null] }],
    ['a list of another length', 'sensor_msgs/CameraInfo', { K: [1, 2, 3] }],
    ['no base64', 'sensor_msgs/Image', { data: 'a*c=' }],
    ['bytes that are none', 'sensor_msgs/Image', { data: [1, 256] }],
    ['a stamp of ROS 2', 'std_msgs/Header', { stamp: { sec: 1, nanosec: 2 } }],
    ['a stamp that is none', 'std_msgs/Header', { stamp: 5 }],
  ])('is refused with %s', (_, type, given) => {
    expect(() => fill1(type, given)).toThrow(/must|has no field/);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('takes bytes as base64, as a list and as bytes', () => {
    for (const data of ['AQID', [1, 2, 3], Uint8Array.of(1, 2, 3)]) {
      expect([...(fill1('sensor_msgs/Image', { data }).data as Uint8Array)]).toEqual([1, 2, 3]);
    }
  });

  it('that is whole stays as it is', () => {
    const axes = fc.record({ x: fc.double({ noNaN: true }), y: fc.integer(), z: fc.constant(0) });
    fc.assert(
      fc.property(fc.record({ linear: axes, angular: axes }), (twist) => {
        const whole = fill1('geometry_msgs/Twist', twist);
        expect(whole).toEqual(twist);
        expect(fill1('geometry_msgs/Twist', whole)).toEqual(whole);
      }),
    );
  });

  it('of anything at all is whole or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        try {
          expect(Object.keys(fill1('sensor_msgs/JointState', given))).toHaveLength(5);
        } catch (error) {
          expect((error as Error).message).toMatch(/must|has no field/);
        }
      }),
    );
  });
});

describe('stamps, as the real servers take them', () => {
  const stamp = (version: 1 | 2, header: unknown) =>
    (filled('std_msgs/Header', header, options(version, true)) as { stamp: unknown }).stamp;
  const message = (header?: unknown) =>
    filled('geometry_msgs/TwistStamped', header === undefined ? {} : { header }, options(1, true)) as {
      header: { stamp: unknown };
    };

  it('a header left out is stamped 0, a stamp left out is now', () => {
    expect(message().header.stamp).toEqual({ secs: 0, nsecs: 0 });
    expect(message({ frame_id: 'a' }).header.stamp).toEqual({ secs: 7, nsecs: 8 });
    expect(stamp(1, { stamp: 'now' })).toEqual({ secs: 7, nsecs: 8 });
  });

  it("a ROS 1 server does not see ROS 2's; a ROS 2 server sees both", () => {
    expect(stamp(1, { stamp: { sec: 1, nanosec: 2 } })).toEqual({ secs: 7, nsecs: 8 });
    expect(stamp(2, { stamp: { secs: 1, nsecs: 2 } })).toEqual({ sec: 1, nanosec: 2 });
    expect(stamp(2, { stamp: { sec: 1, nanosec: 2 } })).toEqual({ sec: 1, nanosec: 2 });
  });

  it('without those faults a stamp left out is 0', () => {
    expect(filled('std_msgs/Header', {}, options(1)).stamp).toEqual({ secs: 0, nsecs: 0 });
  });
});
