import { expect, it } from 'vitest';
import { seeded } from '../../src/random.ts';
import { pixelNoise } from '../../src/worldmodel/pixel-noise.ts';

const [clip, batch, size] = [3, 40, 300];
const grey = () => new Uint8Array(clip * batch * size).fill(128);

it('leaves half of the clips alone, and shakes every picture of the others, as much in all of them', () => {
  const pixels = grey();
  pixelNoise(seeded(1), 30)(pixels, { clip, batch }, seeded(2));
  const spread = (t: number, n: number) => {
    const some = pixels.subarray((t * batch + n) * size, (t * batch + n + 1) * size);
    const mean = some.reduce((sum, value) => sum + value, 0) / size;
    return Math.sqrt(some.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size);
  };
  const clean = Array.from({ length: batch }, (_, n) => n).filter((n) => spread(0, n) === 0);
  expect(clean.length).toBeGreaterThan(batch / 4);
  expect(clean.length).toBeLessThan((3 * batch) / 4);
  for (let n = 0; n < batch; n++) {
    if (clean.includes(n)) expect([spread(1, n), spread(2, n)]).toEqual([0, 0]);
    else expect(Math.abs(spread(1, n) - spread(2, n))).toBeLessThan(4);
    expect(spread(1, n)).toBeLessThan(33);
  }
});

it('keeps the mean, keeps within a byte, and is the same for the same seed', () => {
  const noise = pixelNoise(seeded(1), 60);
  const [one, another] = [grey(), grey()];
  noise(one, { clip, batch }, seeded(3));
  noise(another, { clip, batch }, seeded(3));
  expect(one).toEqual(another);
  expect(Math.abs(one.reduce((sum, value) => sum + value, 0) / one.length - 128)).toBeLessThan(1);
  const white = grey().fill(255);
  noise(white, { clip, batch }, seeded(3));
  expect(white.reduce((sum, value) => sum + value, 0) / white.length).toBeGreaterThan(235); // no overflow to black
});
