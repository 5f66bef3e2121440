import { tf } from '../../compute/tf.ts';
import type { Cost } from '../cost.ts';

/** How raw actions are made of normalised ones, `[A]` each. */
export type ActionScale = { readonly mean: readonly number[]; readonly std: readonly number[] };

/** Mean square of the actions, in the robot's units. */
export const effort =
  (scale: ActionScale): Cost =>
  ({ blocks }) =>
    tf.mean(tf.square(rawActions(blocks, scale)), [1, 2]) as tf.Tensor1D;

/** `[S, H, B]` normalised -> `[S, H * frameskip, A]` in the robot's units. */
export function rawActions(blocks: tf.Tensor3D, { mean, std }: ActionScale): tf.Tensor3D {
  const actions = tf.reshape(blocks, [blocks.shape[0], -1, mean.length]);
  return tf.add(tf.mul(actions, tf.tensor1d([...std])), tf.tensor1d([...mean])) as tf.Tensor3D;
}
