import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/drivers/driver.ts';
import { centred, checkSize, resized } from '../../../src/drivers/ros/resize.ts';
import { seeded } from '../../../src/random.ts';

const side = fc.integer({ min: 1, max: 24 });
const frameOf = (width: number, height: number, seed: number): Frame => {
  const random = seeded(seed);
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, () => random.integer(256)) };
};
const size = fc.record({ width: side, height: side });
const frame = fc.tuple(side, side, fc.nat()).map(([width, height, seed]) => frameOf(width, height, seed));

/** The mean over the area of a new pixel, from the definition. */
function mean({ width, height, data }: Frame, to: { width: number; height: number }, x: number, y: number, c: number) {
  const overlap = (i: number, old: number, j: number, now: number) =>
    Math.max(0, Math.min((i + 1) / old, (j + 1) / now) - Math.max(i / old, j / now)) * now;
  let sum = 0;
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      sum += data[3 * (v * width + u) + c]! * overlap(u, width, x, to.width) * overlap(v, height, y, to.height);
    }
  }
  return sum;
}

describe('a resized frame', () => {
  it('has in every pixel the mean of the area it covers', () => {
    fc.assert(
      fc.property(frame, size, (before, to) => {
        const { width, height, data } = resized(before, to);
        expect([width, height, data.length]).toEqual([to.width, to.height, 3 * to.width * to.height]);
        for (let i = 0; i < data.length; i++) {
          const pixel = Math.floor(i / 3);
          const wanted = mean(before, to, pixel % width, Math.floor(pixel / width), i % 3);
          expect(Math.abs(data[i]! - wanted)).toBeLessThanOrEqual(0.5 + 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of the same size is the same', () => {
    const same = frameOf(5, 4, 1);
    expect(resized(same, { width: 5, height: 4 })).toBe(same);
  });

  it('comes back when it was enlarged by whole numbers', () => {
    fc.assert(
      fc.property(frame, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (before, a, b) => {
        const larger = resized(before, { width: before.width * a, height: before.height * b });
        expect(resized(larger, before)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the middle of a frame', () => {
  it('is a part of it, as large as the shape allows', () => {
    fc.assert(
      fc.property(frame, size, (before, shape) => {
        const { width, height, data } = centred(before, shape);
        expect(width === before.width || height === before.height).toBe(true);
        expect(data.length).toBe(3 * width * height);
        const [left, top] = [(before.width - width) >> 1, (before.height - height) >> 1];
        const first = 3 * (top * before.width + left);
        expect(data.subarray(0, 3 * width)).toEqual(before.data.subarray(first, first + 3 * width));
      }),
    );
  });

  it('of a wide frame is square when asked', () => {
    expect(centred(frameOf(64, 48, 1), { width: 7, height: 7 })).toMatchObject({ width: 48, height: 48 });
  });
});

describe('a size', () => {
  it.each([
    [0, 1],
    [1.5, 2],
    [-1, 4],
    [Number.NaN, 4],
    [5000, 5000],
  ])('of %dx%d cannot be', (width, height) => {
    expect(() => checkSize({ width, height })).toThrow(RangeError);
  });
});
