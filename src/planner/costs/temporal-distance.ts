import { tf } from '../../compute/tf.ts';
import type { Critic } from '../../worldmodel/critic.ts';
import type { Cost } from '../cost.ts';

/** Blocks still to go by the critic, summed over the rollout: leads round what plain distance runs against. */
export const temporalDistance =
  (critic: Critic): Cost =>
  ({ latents, goal, params }) => {
    const [samples, horizon, dim] = latents.shape;
    const from = tf.reshape(latents, [samples * horizon, dim]) as tf.Tensor2D;
    const to = tf.tile(tf.reshape(goal, [1, dim]), [samples * horizon, 1]) as tf.Tensor2D;
    return tf.sum(tf.reshape(critic.distance(params, from, to), [samples, horizon]), 1) as tf.Tensor1D;
  };
