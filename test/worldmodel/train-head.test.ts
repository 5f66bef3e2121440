import { expect, it } from 'vitest';
import { seeded } from '../../src/random.ts';
import type { Frozen } from '../../src/worldmodel/frozen.ts';
import { endsOf, shakenEndsOf } from '../../src/worldmodel/train-head.ts';

const [dim, count] = [4, 2000];
const frozen = { dim, latents: seeded(1).normals(count * dim) } as Pick<Frozen, 'dim' | 'latents'> as Frozen;
const pairs = Array.from({ length: count - 1 }, (_, i) => ({ from: i, to: i + 1, blocks: 1, episode: 0, step: i }));

it('begins pairs from latents that err by as much as is said, and ends them where they ended', () => {
  const exact = endsOf(frozen, pairs);
  const shaken = shakenEndsOf(frozen, pairs, 0.2, seeded(2));
  expect(shaken.to).toEqual(exact.to);
  const off = shaken.from.map((value, i) => value - exact.from[i]!);
  const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
  const spread = Math.sqrt(off.reduce((sum, value) => sum + value ** 2, 0) / off.length);
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(spread).toBeCloseTo(0.2, 2);
  expect(shakenEndsOf(frozen, pairs, 0, seeded(2))).toEqual(exact);
  expect(frozen.latents).toEqual(seeded(1).normals(count * dim)); // nothing remembered is changed
});
