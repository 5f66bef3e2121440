import { tf } from '../../compute/tf.ts';
import type { Critic } from '../../worldmodel/critic.ts';
import { shapesOf } from '../../worldmodel/model.ts';
import { type Cost, reading } from '../cost.ts';

/** What a block later costs an arrival, blocks. */
const PATIENCE = 0.3;

/**
 * Blocks still to go by the critic: leads round what plain distance runs against. Summed over the rollout; or of its arrival, where they are
 * least, and the sooner the better. To a sum every step of a way round is dear, and waiting cheap wherever the critic takes the goal to be near.
 */
export const temporalDistance = (critic: Critic, over: 'sum' | 'arrival'): Cost =>
  reading(shapesOf(critic.params), ({ latents, goal, params }) => {
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
  });
