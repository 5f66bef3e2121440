import { tf } from '../../compute/tf.ts';
import { disagreement, type Ensemble } from '../../worldmodel/ensemble.ts';
import type { Cost } from '../cost.ts';

/** How much an ensemble disagrees about every step of a future, summed: plans keep to what is known. */
export const spread =
  (ensemble: Ensemble): Cost =>
  ({ now, latents, blocks, params }) => {
    const [samples, horizon, dim] = latents.shape;
    const first = tf.tile(tf.reshape(now, [1, 1, dim]), [samples, 1, 1]);
    const before =
      horizon > 1 ? tf.concat([first, tf.slice(latents, [0, 0, 0], [samples, horizon - 1, dim])], 1) : first;
    const rows = tf.reshape(before, [samples * horizon, dim]) as tf.Tensor2D;
    const done = tf.reshape(blocks, [samples * horizon, -1]) as tf.Tensor2D;
    return tf.sum(tf.reshape(disagreement(ensemble, params, rows, done), [samples, horizon]), 1) as tf.Tensor1D;
  };
