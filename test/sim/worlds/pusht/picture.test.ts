import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pushtWorld } from '../../../../sim/worlds/pusht/index.ts';
import { layoutOf } from '../../../../sim/worlds/pusht/layout.ts';
import { decodePicture } from '../../../../src/data/image.ts';

type Golden = {
  readonly picture: string;
  readonly size: number;
  readonly state: readonly [number, number, number, number, number];
};
const fixture = (name: string) => readFileSync(new URL(`../../../fixtures/pusht/${name}`, import.meta.url));
const golden = JSON.parse(fixture('gym-pusht.json').toString()) as readonly Golden[];
const world = pushtWorld(layoutOf());

/** Peak signal-to-noise ratio of two pictures, dB. */
function psnr(a: Uint8Array, b: Uint8Array): number {
  const error = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / error);
}

it.each(golden)("is gym-pusht's at $size px, to 32 dB", ({ picture, size, state }) => {
  const [x, y, blockX, blockY, angle] = state;
  const ours = world.decodeState([x, y, blockX, blockY, angle, 0, 0, x, y, blockX, blockY, angle]);
  const theirs = decodePicture(fixture(picture));
  expect([theirs.width, theirs.height]).toEqual([size, size]);
  expect(psnr(world.render(ours, size).data, theirs.data)).toBeGreaterThan(32);
  const turned = world.decodeState([x, y, blockX, blockY, angle + 0.2, 0, 0, x, y, blockX, blockY, angle]);
  expect(psnr(world.render(turned, size).data, theirs.data)).toBeLessThan(28);
});
