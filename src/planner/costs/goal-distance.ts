import { tf } from '../../compute/tf.ts';
import type { Cost } from '../cost.ts';

/** Squared distance to the goal latent: of the last imagined latent, or summed over the rollout. */
export const goalDistance =
  (over: 'last' | 'sum' = 'sum'): Cost =>
  ({ latents, goal }) => {
    const [samples, horizon, dim] = latents.shape;
    const judged = over === 'last' ? tf.slice(latents, [0, horizon - 1, 0], [samples, 1, dim]) : latents;
    return tf.sum(tf.squaredDifference(judged, goal), [1, 2]) as tf.Tensor1D;
  };
