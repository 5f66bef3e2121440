import { tf } from '../compute/tf.ts';

/** Non-overlapping `side` x `side` tiles of an `[N, grid, grid, depth]` picture as rows: `[N * tiles, side * side * depth]`. */
export function tiles(x: tf.Tensor, grid: number, side: number, depth: number): tf.Tensor {
  const per = grid / side;
  const split = tf.reshape(x, [-1, per, side, per, side, depth]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [-1, side * side * depth]);
}
