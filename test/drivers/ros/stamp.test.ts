import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { header, readStamp, writeStamp } from '../../../src/drivers/ros/stamp.ts';

describe('a stamp', () => {
  it('comes back as it was written, to a microsecond', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 2 ** 31 * 1e3 - 2, noNaN: true }),
        fc.constantFrom(1 as const, 2 as const),
        (ms, version) => {
          const stamp = writeStamp(ms, version);
          expect(Object.keys(stamp)).toEqual(version === 1 ? ['secs', 'nsecs'] : ['sec', 'nanosec']);
          const [s, ns] = Object.values(stamp) as [number, number];
          expect(Number.isInteger(s) && Number.isInteger(ns) && ns >= 0 && ns < 1e9).toBe(true);
          expect(Math.abs(readStamp(stamp)! - ms)).toBeLessThan(1e-3);
        },
      ),
    );
  });

  it.each([
    undefined,
    null,
    7,
    'now',
    {},
    { secs: 0, nsecs: 0 },
    { sec: 0, nanosec: 0 },
    { secs: 1 },
    { secs: 1, nanosec: 1 },
    { sec: -1, nanosec: 0 },
    { sec: 1, nanosec: 1e9 },
    { sec: 1.5, nanosec: 0 },
    { sec: Number.NaN, nanosec: 0 },
    { sec: '1', nanosec: 0 },
    [1, 2],
  ])('is none in %j', (value) => {
    expect(readStamp(value)).toBeUndefined();
  });

  it('may be of 64 bits', () => {
    expect(readStamp({ sec: 3n, nanosec: 500_000_000n })).toBe(3500);
  });

  it('cannot be written of what is no time', () => {
    for (const ms of [Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 31 * 1e3]) {
      expect(() => writeStamp(ms, 2)).toThrow(RangeError);
    }
  });
});

describe('a header', () => {
  it('counts on ROS 1 only', () => {
    expect(header({ timeMs: 1500, frameId: 'base', version: 1 })).toEqual({
      seq: 0,
      stamp: { secs: 1, nsecs: 500_000_000 },
      frame_id: 'base',
    });
    expect(header({ timeMs: 1500, frameId: 'base', version: 2 })).toEqual({
      stamp: { sec: 1, nanosec: 500_000_000 },
      frame_id: 'base',
    });
  });
});
