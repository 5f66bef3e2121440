import type { Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import { sigreg } from './sigreg.ts';

/** Keeps latents `[T, N, D]` from collapsing -> scalar, added to the prediction error. May use `inputs.directions`. */
export type Regularizer = (latents: tf.Tensor3D, inputs: Tensors) => tf.Scalar;

/** lambda of LeWM at its batch of 128; the statistic carries a factor N, hence 128 / N. */
const SIGREG_WEIGHT = 0.09;
const REFERENCE_BATCH = 128;

export const regularizers = {
  sigreg:
    ({ weight = SIGREG_WEIGHT }: { readonly weight?: number } = {}): Regularizer =>
    (latents, { directions }) =>
      tf.mul(sigreg(latents, directions as tf.Tensor2D), (weight * REFERENCE_BATCH) / latents.shape[1]),
  vicreg:
    ({ weight = 1 }: { readonly weight?: number } = {}): Regularizer =>
    (latents) =>
      tf.mul(vicreg(latents), weight),
  none: (): Regularizer => () => tf.scalar(0),
} as const;

/** Variance hinge and covariance of VICReg (arXiv 2105.04906), weights 25 : 1 as there, each time step by itself. */
export function vicreg(latents: tf.Tensor3D): tf.Scalar {
  const [, count, dim] = latents.shape;
  const centred = tf.sub(latents, tf.mean(latents, 1, true)) as tf.Tensor3D;
  const std = tf.sqrt(tf.add(tf.div(tf.sum(tf.square(centred), 1), count - 1), 1e-4));
  const variance = tf.mean(tf.relu(tf.sub(1, std)));
  const covariance = tf.div(tf.matMul(centred, centred, true, false), count - 1) as tf.Tensor3D;
  const offDiagonal = tf.mul(covariance, tf.sub(1, tf.eye(dim)));
  const spread = tf.div(tf.mean(tf.sum(tf.square(offDiagonal), [1, 2])), dim);
  return tf.add(variance, tf.mul(spread, 1 / 25)) as tf.Scalar;
}
