import { tf } from '../../compute/tf.ts';
import type { Regularizer } from '../regularizers.ts';
import { missed, type Objective, predictionOf, rolled } from './objective.ts';

/**
 * The two-term JEPA loss of LeWM (arXiv 2603.19312): prediction in latent space, without a teacher, plus a regularizer against
 * collapse. Gradient reaches the encoder through contexts and targets.
 */
export const jepa = (regularizer: Regularizer): Objective => ({
  params: {},
  loss(view) {
    const { latents, inputs, clip, batch } = view;
    const told = predictionOf(rolled(view, latents), missed(view, latents));
    const penalty = regularizer(tf.reshape(latents, [clip, batch, -1]) as tf.Tensor3D, inputs);
    return { total: tf.add(told.prediction, penalty), ...told, regularizer: penalty };
  },
});
