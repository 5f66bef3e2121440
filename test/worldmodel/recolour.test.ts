import { expect, it } from 'vitest';
import { seeded } from '../../src/random.ts';
import { recolour } from '../../src/worldmodel/recolour.ts';

/** Some pixels of each of these colours. */
const colours = [
  [255, 255, 255],
  [20, 40, 200],
  [200, 60, 30],
];
const painted = () => Uint8Array.from(Array.from({ length: 12 }, (_, i) => colours[i % 3]!).flat());

it('makes every colour another one, the same everywhere, within a byte', () => {
  const random = seeded(1);
  let [moved, most] = [0, 0];
  for (let n = 0; n < 200; n++) {
    const pixels = painted();
    recolour(pixels, 1, random);
    for (let i = 0; i < pixels.length; i++) expect(pixels[i]).toBe(pixels[i % 9]);
    const far = Math.max(...pixels.map((value, i) => Math.abs(value - painted()[i]!)));
    if (far > 8) moved++;
    most = Math.max(most, far);
  }
  expect(moved).toBeGreaterThan(150);
  expect(most).toBeGreaterThan(120);
});

it('changes nothing at 0, and the same for the same seed', () => {
  const [still, one, another] = [painted(), painted(), painted()];
  recolour(still, 0, seeded(2));
  expect(still).toEqual(painted());
  recolour(one, 1, seeded(3));
  recolour(another, 1, seeded(3));
  expect(one).toEqual(another);
});
