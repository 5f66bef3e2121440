import { describe, expect, it } from 'vitest';
import { initialise } from '../../../src/compute/layers.ts';
import { tf } from '../../../src/compute/tf.ts';
import { seeded } from '../../../src/random.ts';
import { autoencoder } from '../../../src/worldmodel/objectives/autoencoder.ts';
import { contrastive } from '../../../src/worldmodel/objectives/contrastive.ts';
import { type Objective, rolled, stopped, type View } from '../../../src/worldmodel/objectives/objective.ts';
import { pixels } from '../../../src/worldmodel/objectives/pixels.ts';
import { teacher } from '../../../src/worldmodel/objectives/teacher.ts';

const [clip, batch, dim, size] = [4, 8, 3, 16];
const random = seeded(1);
/** Adds the block to the latent: what it foretells can be right. */
const predictor = {
  params: {},
  contextLength: 1,
  predict: (_: unknown, latents: tf.Tensor3D, blocks: tf.Tensor3D) =>
    tf.reshape(tf.add(latents, blocks), [-1, dim]) as tf.Tensor2D,
};
/** The mean colour times a weight. */
const encoder = {
  params: { 'encoder.w': { shape: [3, dim], init: { normal: 1 } } },
  latentDim: dim,
  imageSize: size,
  encode: (p: Record<string, tf.Tensor>, x: tf.Tensor4D) =>
    tf.matMul(tf.mean(x, [1, 2]) as tf.Tensor2D, p['encoder.w'] as tf.Tensor2D) as tf.Tensor2D,
};
const blocks = tf.tensor2d(random.normals((clip - 1) * batch * dim), [(clip - 1) * batch, dim]);
const pictures = tf.tensor4d(random.normals(clip * batch * size * size * 3), [clip * batch, size, size, 3]);

/** Latents that the predictor foretells rightly. */
function walks(): tf.Tensor2D {
  const places = [tf.tensor2d(random.normals(batch * dim), [batch, dim])];
  for (let t = 0; t < clip - 1; t++) places.push(tf.add(places[t]!, tf.slice(blocks, [t * batch, 0], [batch, dim])));
  return tf.concat(places) as tf.Tensor2D;
}
const tensors = (objective: Objective) =>
  Object.fromEntries(
    Object.entries(initialise({ ...encoder.params, ...objective.params }, seeded(2))).map(([name, data]) => [
      name,
      tf.tensor(data, [...({ ...encoder.params, ...objective.params } as typeof objective.params)[name]!.shape]),
    ]),
  );
const view = (params: View['params'], latents: tf.Tensor2D, inputs: View['inputs'] = {}): View => ({
  ...{ encoder, predictor, params, latents, clip, batch },
  inputs: { blocks, ...inputs },
  pixels: pictures,
});
const number = (x: tf.Tensor) => x.dataSync()[0]!;

describe('objectives', () => {
  it('roll out every depth from every start', () => {
    const latents = walks();
    const steps = rolled(view({}, latents), latents);
    expect(steps.map(({ from, predicted }) => [from, predicted.shape[0]! / batch])).toEqual([
      [1, 3],
      [2, 2],
      [3, 1],
    ]);
    const last = tf.slice(latents, [3 * batch, 0], [batch, dim]);
    expect(number(tf.max(tf.abs(tf.sub(steps[2]!.predicted, last))))).toBeLessThan(1e-4);
  });

  it('stop a gradient and keep the values', () => {
    const x = tf.tensor1d([1, 2]);
    expect([...stopped(x).dataSync()]).toEqual([1, 2]);
    const slope = tf.grad((y) => tf.sum(tf.add(tf.mul(stopped(y), 5), y)))(x);
    expect([...slope.dataSync()]).toEqual([1, 1]);
  });

  it('contrastive: nearly nothing for what comes as foretold, log N where nothing can be told apart', () => {
    const told = number(contrastive().loss(view({}, walks())).total);
    expect(told).toBeLessThan(0.5);
    const same = number(
      contrastive().loss({ ...view({}, tf.ones([clip * batch, dim])), inputs: { blocks: tf.zerosLike(blocks) } }).total,
    );
    expect(same).toBeCloseTo(Math.log(batch), 3);
  });

  it('teacher: foretells what the copy sees, which follows the encoder', () => {
    const objective = teacher(encoder);
    expect(objective.followers!.of).toEqual({ 'teacher.encoder.w': 'encoder.w' });
    const params = tensors(objective);
    const latents = encoder.encode(params, pictures);
    const loss = (copy: tf.Tensor) =>
      number(objective.loss(view(params, latents, { 'teacher.encoder.w': copy })).total);
    expect(loss(params['encoder.w']!)).not.toBeCloseTo(loss(tf.zeros([3, dim])), 3);
  });

  it('autoencoder: the encoder hears of the picture alone, never of what can be foretold', () => {
    const objective = autoencoder({ latentDim: dim, imageSize: size });
    const params = tensors(objective);
    const slope = (term: 'prediction' | 'reconstruction') =>
      tf.grad((w) => {
        const all = { ...params, 'encoder.w': w };
        return objective.loss(view(all, encoder.encode(all, pictures)))[term]!;
      })(params['encoder.w']!);
    expect(number(tf.max(tf.abs(slope('prediction'))))).toBe(0);
    expect(number(tf.max(tf.abs(slope('reconstruction'))))).toBeGreaterThan(0);
  });

  it('pixels: the best guess of two futures is their average', () => {
    const objective = pixels({ latentDim: dim, imageSize: size });
    const params = { ...tensors(objective), 'decoder.out.w': tf.zeros([512, 768]) };
    const black = tf.zeros([clip, batch / 2, size, size, 3]);
    const branching = tf.reshape(tf.concat([black, tf.onesLike(black)], 1), [
      clip * batch,
      size,
      size,
      3,
    ]) as tf.Tensor4D;
    const loss = (grey: number) =>
      number(
        objective.loss({
          ...view({ ...params, 'decoder.out.b': tf.fill([768], grey) }, tf.zeros([clip * batch, dim])),
          pixels: branching,
        }).total,
      );
    expect(loss(0.5)).toBeCloseTo(0.25, 4);
    expect(loss(0)).toBeCloseTo(0.5, 4);
    expect(loss(1)).toBeCloseTo(0.5, 4);
  });
});
