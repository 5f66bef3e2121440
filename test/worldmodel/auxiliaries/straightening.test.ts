import { expect, it } from 'vitest';
import { tf } from '../../../src/compute/tf.ts';
import { straightening } from '../../../src/worldmodel/auxiliaries/straightening.ts';

/** Bend of ways of one clip through `[x, y]` latents. */
const bend = (...places: readonly (readonly [number, number])[]) => {
  const clip = places.length;
  const latents = tf.tensor2d(places.flat(), [clip, 2]);
  return straightening({ clip })
    .loss({}, { latents, blocks: tf.zeros([clip - 1, 1]), clip, batch: 1 })
    .dataSync()[0]!;
};

it('is 0 for a straight way, 1 for right angles and 2 for going back', () => {
  expect(bend([0, 0], [1, 1], [3, 3])).toBeCloseTo(0, 4);
  expect(bend([0, 0], [1, 0], [1, 1], [0, 1])).toBeCloseTo(1, 4);
  expect(bend([0, 0], [1, 0], [0, 0])).toBeCloseTo(2, 4);
});

it('bears latents that stand still', () => expect(bend([1, 1], [1, 1], [1, 1])).toBeCloseTo(1, 4));

it('refuses clips with no way to bend', () => {
  expect(() => straightening({ clip: 2 })).toThrow('clip must be at least 3');
});
