import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOdometry } from '../../../../src/drivers/ros/messages/odometry.ts';
import { expectHardened } from '../hostile.ts';

const odometry = (yaw: number, length = 1, w: number | null = 0.2) => ({
  header: { seq: 1, stamp: { secs: 2, nsecs: 0 }, frame_id: 'odom' },
  child_frame_id: 'base',
  pose: {
    pose: {
      position: { x: 1, y: 2, z: 0 },
      orientation: { x: 0, y: 0, z: length * Math.sin(yaw / 2), w: length * Math.cos(yaw / 2) },
    },
  },
  twist: { twist: { linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: w } } },
});

describe('odometry', () => {
  it('is a pose in the plane and a speed, whatever the length of its quaternion', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (yaw, length) => {
          const read = readOdometry(odometry(yaw, length));
          expect(read).toMatchObject({ timeMs: 2000, x: 1, y: 2, v: 0.5, w: 0.2 });
          expect(read.yaw).toBeCloseTo(yaw, 9);
        },
      ),
    );
  });

  it('that is not known is NaN', () => {
    expect(readOdometry(odometry(1, 0)).yaw).toBeNaN();
    expect(readOdometry(odometry(1, 1, null)).w).toBeNaN();
  });

  it('survives everything', () => {
    expectHardened(readOdometry, [odometry(1)], (read) => {
      for (const name of ['x', 'y', 'yaw', 'v', 'w'] as const) expect(typeof read[name]).toBe('number');
    });
  });
});
