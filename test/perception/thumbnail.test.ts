import { expect, it } from 'vitest';
import { thumbnail } from '../../src/perception/thumbnail.ts';

it('is the mean colour of each of 64 places', () => {
  const size = 20; // not a multiple of 8
  const pixels = new Uint8Array(size * size * 3);
  for (let i = 0; i < size * size; i++) pixels.set([255, i % size < 10 ? 0 : 255, 51], i * 3);
  const small = thumbnail(pixels, size);
  expect(small.length).toBe(192);
  for (let cell = 0; cell < 64; cell++) {
    const [red, green, blue] = small.slice(cell * 3, cell * 3 + 3);
    expect([red, blue]).toEqual([1, expect.closeTo(0.2, 6)]);
    expect(green).toBe(cell % 8 < 4 ? 0 : 1);
  }
});
