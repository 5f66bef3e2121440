import { describe, expect, it } from 'vitest';
import { readBool } from '../../../../src/drivers/ros/messages/bool.ts';
import { readCameraInfo } from '../../../../src/drivers/ros/messages/camera-info.ts';
import { readClock } from '../../../../src/drivers/ros/messages/clock.ts';
import { readImu } from '../../../../src/drivers/ros/messages/imu.ts';
import { expectHardened } from '../hostile.ts';

const axes = { x: 1, y: 2, z: null };
const imu = {
  header: { stamp: { sec: 1, nanosec: 0 } },
  orientation: { x: 0, y: 0, z: 0, w: 1 },
  orientation_covariance: new Float64Array(9),
  angular_velocity: axes,
  linear_acceleration: axes,
};
const info = { width: 8, height: 6, distortion_model: 'plumb_bob', D: [0, 0, 0, 0, 0], K: [1, 0, 4, 0, 1, 3, 0, 0, 1] };

describe('a bool', () => {
  it('is what it says, and nothing else is one', () => {
    expect([readBool({ data: true }), readBool({ data: false })]).toEqual([true, false]);
    for (const data of [0, 1, 'true', null, undefined])
      expect(() => readBool({ data })).toThrow(/data must be true or false/);
  });

  it('survives everything', () => {
    expectHardened(readBool, [{ data: true }], (result) => expect(typeof result).toBe('boolean'));
  });
});

describe('a clock', () => {
  it('is in ms, of either version, and may begin at 0', () => {
    expect(readClock({ clock: { secs: 1, nsecs: 5e8 } })).toBe(1500);
    expect(readClock({ clock: { sec: 1, nanosec: 5e8 } })).toBe(1500);
    expect(readClock({ clock: { secs: 0, nsecs: 0 } })).toBe(0);
    expect(() => readClock({ clock: { secs: -1, nsecs: 0 } })).toThrow(/clock must be a stamp/);
  });

  it('survives everything', () => {
    const valid = [{ clock: { secs: 1, nsecs: 5e8 } }, { clock: { sec: 0, nanosec: 0 } }];
    expectHardened(readClock, valid, (ms) => expect(ms).toBeGreaterThanOrEqual(0));
  });
});

describe('an Imu', () => {
  it('has an orientation unless it says that it has none', () => {
    const read = { timeMs: 1000, angularVelocity: [1, 2, Number.NaN], acceleration: [1, 2, Number.NaN] };
    expect(readImu(imu)).toEqual({ ...read, orientation: [0, 0, 0, 1] });
    expect(readImu({ ...imu, orientation_covariance: [-1, 0, 0, 0, 0, 0, 0, 0, 0] })).toEqual(read);
  });

  it('survives everything', () => {
    expectHardened(readImu, [imu], ({ acceleration }) => expect(acceleration.length).toBe(3));
  });
});

describe('a CameraInfo', () => {
  it('is the same of either version', () => {
    const { D, K, ...rest } = info;
    expect(readCameraInfo(info)).toEqual({
      timeMs: undefined,
      width: 8,
      height: 6,
      model: 'plumb_bob',
      distortion: D,
      matrix: K,
    });
    expect(readCameraInfo({ ...rest, d: D, k: K })).toEqual(readCameraInfo(info));
  });

  it('survives everything', () => {
    expectHardened(readCameraInfo, [info], ({ matrix }) => expect(matrix.length).toBe(9));
  });
});
