import { expect, it } from 'vitest';
import { tf } from '../../../src/compute/tf.ts';
import { seeded } from '../../../src/random.ts';
import { contrast } from '../../../src/worldmodel/auxiliaries/contrast.ts';

const [clip, batch, latentDim] = [3, 16, 4];
const blocks = tf.tensor2d(seeded(1).normals((clip - 1) * batch * latentDim), [(clip - 1) * batch, latentDim]);

/** Of walks that a predictor, which adds the block to the latent, foretells; `told` times as far from each other. */
const loss = (told: number, predict = (latents: tf.Tensor3D, blocks: tf.Tensor3D) => tf.add(latents, blocks)) => {
  const places = [tf.tensor2d(seeded(2).normals(batch * latentDim), [batch, latentDim])];
  for (let t = 0; t < clip - 1; t++)
    places.push(tf.add(places[t]!, tf.slice(blocks, [t * batch, 0], [batch, latentDim])));
  const latents = tf.mul(tf.concat(places), told) as tf.Tensor2D;
  const predictor = {
    params: {},
    contextLength: 1,
    predict: (_: unknown, latents: tf.Tensor3D, blocks: tf.Tensor3D) =>
      tf.reshape(predict(latents, blocks), [-1, latentDim]) as tf.Tensor2D,
  };
  return contrast({ predictor })
    .loss({}, { latents, blocks: tf.mul(blocks, told), clip, batch })
    .dataSync()[0]!;
};

it('is nearly nothing where what comes is as foretold, and log N where clips cannot be told apart', () => {
  expect(loss(1)).toBeLessThan(0.5);
  expect(loss(0)).toBeCloseTo(Math.log(batch), 3);
});

it('asks for the right moment among those of the same time: foretelling that nothing moves is worse', () => {
  expect(loss(1, (latents) => latents)).toBeGreaterThan(2 * loss(1));
});

it('does not mind how far apart latents are', () => expect(loss(7)).toBeCloseTo(loss(1), 4));
