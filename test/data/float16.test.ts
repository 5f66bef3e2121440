import { expect, it } from 'vitest';
import { doubled, halved } from '../../src/data/float16.ts';
import { seeded } from '../../src/random.ts';

const round = (...values: number[]) => [...doubled(halved(Float32Array.from(values)))];

it('keeps what half precision has', () => {
  const exact = [0, 1, -2, 0.5, 65504, -65504, 2 ** -14, 2 ** -24, 1 + 1 / 1024];
  expect(round(...exact)).toEqual(exact);
  expect(Object.is(round(-0)[0], -0)).toBe(true);
});

it('knows every pattern', () => {
  const finite = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
  expect(halved(doubled(finite))).toEqual(finite);
  expect([...doubled(Uint16Array.of(0x7c00, 0xfc00, 0x7c01))]).toEqual([
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ]);
});

it('rounds to the nearest, to even at a tie', () => {
  expect(round(1 + 1 / 2048, 1 + 3 / 2048, 1 + 1.1 / 2048, 2047.9 / 1024)).toEqual([1, 1 + 2 / 1024, 1 + 1 / 1024, 2]);
  const values = seeded(1).normals(1000);
  doubled(halved(values)).forEach((value, i) => {
    expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(values[i]!) / 2048));
  });
});

it('refuses what does not fit', () => {
  expect(() => halved(Float32Array.of(65520))).toThrow('half precision must have numbers to 65504, got 65520');
  expect(() => halved(Float32Array.of(Number.NaN))).toThrow('got NaN');
});
