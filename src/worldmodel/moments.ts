import { tf } from '../compute/tf.ts';

/** Rows of the moments `from` (included) to `to` (excluded) of time-major rows `[C * batch, width]`: one slice. */
export const momentRows = (x: tf.Tensor, batch: number, from: number, to: number): tf.Tensor2D =>
  tf.slice(x, [from * batch, 0], [(to - from) * batch, x.shape[1]!]) as tf.Tensor2D;
