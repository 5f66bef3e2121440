import { tf } from '../../compute/tf.ts';
import { foretold, type Objective, predictionOf, rolled, type View } from './objective.ts';

/** InfoNCE's temperature, on latents of unit length. */
const TEMPERATURE = 0.1;

/**
 * What is foretold must be told from the other clips' moments of the same time (InfoNCE, arXiv 1807.03748): latents keep
 * whatever tells situations apart, and need no regularizer.
 */
export const contrastive = (): Objective => ({
  params: {},
  loss(view) {
    const told = confused(view);
    return { total: told.prediction, ...told };
  },
});

/** How hard what is foretold is to tell from the other clips' moments, depth by depth. */
export const confused = (view: Pick<View, 'predictor' | 'params' | 'inputs' | 'clip' | 'batch' | 'latents'>) =>
  predictionOf(rolled(view, view.latents), (step) =>
    confusion(step.predicted, foretold(view, view.latents, step), view.batch),
  );

/** How hard it is to tell which of the `batch` moments that came at a time is the one foretold: `[T * N, D]` each -> scalar. */
function confusion(predicted: tf.Tensor2D, came: tf.Tensor2D, batch: number): tf.Scalar {
  const grouped = (x: tf.Tensor2D) => tf.reshape(unit(x), [-1, batch, x.shape[1]]) as tf.Tensor3D;
  const likeness = tf.mul(tf.matMul(grouped(predicted), grouped(came), false, true), 1 / TEMPERATURE);
  const right = tf.sum(tf.mul(tf.logSoftmax(likeness), tf.eye(batch)), 2);
  return tf.neg(tf.mean(right)) as tf.Scalar;
}

const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-8))) as tf.Tensor2D;
