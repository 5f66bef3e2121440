import { tf } from '../../compute/tf.ts';
import { foretold, type Objective, predictionOf, rolled, type Step, type View } from './objective.ts';

/** InfoNCE's temperature, on latents of unit length. */
const TEMPERATURE = 0.1;

/**
 * What is foretold must be told from the other clips' moments of the same time (InfoNCE, arXiv 1807.03748): latents keep
 * whatever tells situations apart, and need no regularizer.
 */
export const contrastive = (temperature = TEMPERATURE): Objective => ({
  params: {},
  loss(view) {
    const told = predictionOf(rolled(view, view.latents), (step) => confusion(view, step, temperature));
    return { total: told.prediction, ...told };
  },
});

function confusion(view: View, step: Step, temperature: number): tf.Tensor {
  const { batch, latents } = view;
  const grouped = (x: tf.Tensor2D) => tf.reshape(unit(x), [-1, batch, x.shape[1]]) as tf.Tensor3D;
  const [foreseen, came] = [grouped(step.predicted), grouped(foretold(view, latents, step))];
  const likeness = tf.mul(tf.matMul(foreseen, came, false, true), 1 / temperature);
  const right = tf.sum(tf.mul(tf.logSoftmax(likeness), tf.eye(batch)), 2);
  return tf.neg(tf.mean(right));
}

const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-8))) as tf.Tensor2D;
