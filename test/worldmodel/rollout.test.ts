import { expect, it } from 'vitest';
import { tf } from '../../src/compute/tf.ts';
import type { Predictor } from '../../src/worldmodel/predictor.ts';
import { rollout } from '../../src/worldmodel/rollout.ts';

/** Next latent = newest latent + the sum of all blocks in view + 10 x the oldest latent in view. */
const adding = (contextLength: number): Predictor => ({
  params: {},
  contextLength,
  predict: (_, latents, blocks) => {
    const [samples, length, dim] = latents.shape;
    const at = (t: number) => tf.reshape(tf.slice(latents, [0, t, 0], [samples, 1, dim]), [samples, dim]);
    const old = contextLength > 1 ? tf.mul(at(0), 10) : tf.zerosLike(at(0));
    return tf.add(tf.add(at(length - 1), tf.sum(blocks, 1)), old) as tf.Tensor2D;
  },
});
const row = (...values: number[]) => tf.tensor2d([values]);
const numbers = (latents: tf.Tensor2D[]) => latents.map((latent) => latent.dataSync()[0]);

it('feeds its predictions back, each with its own block', () => {
  expect(numbers(rollout(adding(1), {}, { latents: [row(1)], blocks: [] }, [row(2), row(3), row(4)]))).toEqual([
    3, 6, 10,
  ]);
});

it('slides the window: what leaves it is forgotten', () => {
  // window (1, 2): 2 + (5 + 7) + 10 = 24; window (2, 24): 24 + (7 + 1) + 20 = 52
  expect(numbers(rollout(adding(2), {}, { latents: [row(1), row(2)], blocks: [row(5)] }, [row(7), row(1)]))).toEqual([
    24, 52,
  ]);
});

it('refuses a past of another length', () => {
  expect(() => rollout(adding(2), {}, { latents: [row(1)], blocks: [] }, [row(1)])).toThrow(
    'past must hold 2 latents and 1 blocks, got 1 and 0',
  );
});
