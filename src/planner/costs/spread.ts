import { tf } from '../../compute/tf.ts';
import { disagreement, type Ensemble } from '../../worldmodel/ensemble.ts';
import { shapesOf } from '../../worldmodel/model.ts';
import { type Cost, type Imagined, reading } from '../cost.ts';

/** How much an ensemble disagrees about every step of a future, summed: plans keep to what is known. */
export const spread = (ensemble: Ensemble): Cost =>
  reading(shapesOf(ensemble.params), (imagined) => {
    const { before, done, samples } = pairsOf(imagined);
    return tf.sum(tf.reshape(disagreement(ensemble, imagined.params, before, done), [samples, -1]), 1) as tf.Tensor1D;
  });

/** The latents that every step of every future begins from, `[S * H, D]`, and what is done there, `[S * H, B]`. */
export function pairsOf({ now, latents, blocks }: Pick<Imagined, 'now' | 'latents' | 'blocks'>) {
  const [samples, horizon, dim] = latents.shape;
  const first = tf.tile(tf.reshape(now, [1, 1, dim]), [samples, 1, 1]);
  const all = horizon > 1 ? tf.concat([first, tf.slice(latents, [0, 0, 0], [samples, horizon - 1, dim])], 1) : first;
  const before = tf.reshape(all, [samples * horizon, dim]) as tf.Tensor2D;
  return { before, done: tf.reshape(blocks, [samples * horizon, -1]) as tf.Tensor2D, samples };
}
