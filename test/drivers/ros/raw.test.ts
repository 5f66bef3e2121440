import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../src/drivers/ros/messages/image.ts';
import { readJointState } from '../../../src/drivers/ros/messages/joint-state.ts';
import { decodeRaw, encodeRaw } from '../../../src/drivers/ros/raw.ts';
import { stampOf } from '../../../src/drivers/ros/stamp.ts';
import type { RosVersion } from '../../../src/drivers/ros/version.ts';
import { BadMessage } from '../../../src/errors.ts';
import { captured } from './frames.ts';
import { expectHardened } from './hostile.ts';

const stamp = { 1: { secs: 7, nsecs: 8 }, 2: { sec: 7, nanosec: 8 } };
const joints = (version: RosVersion) => ({
  header: { ...(version === 1 && { seq: 3 }), stamp: stamp[version], frame_id: 'bäse' },
  name: ['a', 'äö', ''],
  position: Float64Array.of(1, Number.NaN, 3),
  velocity: new Float64Array(0),
  effort: Float64Array.of(4, 5, 6),
});
const type = 'sensor_msgs/JointState';

describe('raw bytes', () => {
  it('of a real server are the picture that it sends as CBOR', () => {
    const message = decodeRaw('sensor_msgs/msg/Image', 1, captured('Image/cbor-raw'));
    expect(readImage(message)).toMatchObject({ width: 8, height: 6 });
    expect({ ...message, header: 0, data: 0 }).toEqual({ ...captured('Image/cbor'), header: 0, data: 0 });
    expect(stampOf(message)).toBeCloseTo(1795455004310, -1);
    expect(encodeRaw('sensor_msgs/Image', 1, message)).toEqual(
      new Uint8Array(captured('Image/cbor-raw').bytes as Uint8Array),
    );
  });

  it.each([1, 2] as const)('of ROS %d come back as they were written', (version) => {
    const bytes = encodeRaw(type, version, joints(version));
    expect(decodeRaw(type, version, { secs: 1, nsecs: 2, bytes })).toEqual(joints(version));
    expect(readJointState(decodeRaw(type, version, { bytes }), ['äö', 'a'])).toEqual({
      timeMs: 7000 + 8e-6,
      position: [Number.NaN, 1],
    });
  });

  it('of ROS 2 may come from the other end', () => {
    const bytes = Uint8Array.of(0, 0, 0, 0, 0x3f, 0x80, 0, 0);
    expect(decodeRaw('std_msgs/Float32', 2, { bytes })).toEqual({ data: 1 });
  });

  it('are checked before anything is allocated for them', () => {
    const of = (version: RosVersion) => {
      const bytes = encodeRaw(type, version, { ...joints(version), name: ['a'] });
      const at = version === 1 ? 4 + 8 + 4 + 5 : 4 + 8 + 4 + 6 + 2; // the length of `name`
      expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)).toBe(1);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, 30_000_000, true);
      return bytes;
    };
    for (const version of [1, 2] as const) {
      expect(() => decodeRaw(type, version, { bytes: of(version) })).toThrow(
        /name must fit into the \d+ bytes left, got 30000000/,
      );
    }
  });

  it('of an unknown type, or that are none, are refused', () => {
    for (const unknown of ['my_msgs/Arm', 'constructor', '__proto__']) {
      expect(() => decodeRaw(unknown, 1, { bytes: new Uint8Array(4) })).toThrow(/common ROS 1 message/);
    }
    expect(() => decodeRaw(type, 1, { bytes: 7 })).toThrow(BadMessage);
    expect(() => decodeRaw(type, 2, { bytes: Uint8Array.of(0, 7, 0, 0, 0) })).toThrow(/plain CDR header/);
    expect(() => decodeRaw('std_msgs/Bool', 1, { bytes: new Uint8Array(2) })).toThrow(
      /must be 1 for this message, got 2/,
    );
  });

  it.each([1, 2] as const)('of ROS %d survive all damage', (version) => {
    const all: [string, Uint8Array][] = [
      [type, encodeRaw(type, version, joints(version))],
      ['tf2_msgs/TFMessage', encodeRaw('tf2_msgs/TFMessage', version, { transforms: [] })],
      ['std_msgs/String', encodeRaw('std_msgs/String', version, { data: 'hello' })],
    ];
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...all), changes, fc.nat(60), fc.boolean(), ([name, valid], where, length, cut) => {
        const bytes = valid.slice(0, cut ? length : valid.length);
        for (const [at, value] of where) if (bytes.length > 0) bytes[at % bytes.length] = value;
        try {
          expect(decodeRaw(name, version, { bytes })).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(BadMessage);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('survive every payload', () => {
    const valid = [
      captured('Image/cbor-raw'),
      { bytes: Buffer.from(captured('Image/cbor-raw').bytes as Uint8Array).toString('base64') },
    ];
    expectHardened(
      (payload) => decodeRaw('sensor_msgs/Image', 1, payload),
      valid,
      (message) => expect(message.width).toBe(8),
    );
  });

  it('are not written of what is no such message', () => {
    expect(() => encodeRaw(type, 1, { name: 3 })).toThrow(TypeError);
    expect(() => encodeRaw('my_msgs/Arm', 2, {})).toThrow(TypeError);
    const twist = { header: joints(2).header, pose: { covariance: [1] } };
    expect(() => encodeRaw('nav_msgs/Odometry', 2, twist)).toThrow(TypeError);
  });
});
