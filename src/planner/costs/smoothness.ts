import { tf } from '../../compute/tf.ts';
import type { Cost } from '../cost.ts';
import { type ActionScale, rawActions } from './effort.ts';

/** Mean square of what changes from one action to the next, in the robot's units. */
export const smoothness =
  (scale: ActionScale): Cost =>
  ({ blocks }) => {
    const actions = rawActions(blocks, scale);
    const [samples, steps, width] = actions.shape;
    const [before, after] = [0, 1].map((from) => tf.slice(actions, [0, from, 0], [samples, steps - 1, width]));
    return tf.mean(tf.squaredDifference(before!, after!), [1, 2]) as tf.Tensor1D;
  };
