import { tf } from '../../compute/tf.ts';
import type { Critic } from '../../worldmodel/critic.ts';
import type { Cost } from '../cost.ts';

/** What a block later costs an arrival, blocks. */
const PATIENCE = 0.3;

/**
 * Blocks still to go by the critic: leads round what plain distance runs against. Summed over the rollout; or where it is nearest,
 * the sooner the better: a critic that takes a place beside the goal to be near would rather wait there than go the long way round, which
 * a sum is dearer for at every step.
 */
export const temporalDistance =
  (critic: Critic, over: 'sum' | 'arrival' = 'sum'): Cost =>
  ({ latents, goal, params }) => {
    const [samples, horizon, dim] = latents.shape;
    const from = tf.reshape(latents, [samples * horizon, dim]) as tf.Tensor2D;
    const to = tf.tile(tf.reshape(goal, [1, dim]), [samples * horizon, 1]) as tf.Tensor2D;
    const blocks = tf.reshape(critic.distance(params, from, to), [samples, horizon]);
    if (over === 'sum') return tf.sum(blocks, 1) as tf.Tensor1D;
    const gone = tf.tensor2d(
      Array.from({ length: horizon }, (_, h) => h * PATIENCE),
      [1, horizon],
    );
    return tf.min(tf.add(blocks, gone), 1) as tf.Tensor1D;
  };
