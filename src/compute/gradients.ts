/**
 * Gradients that tfjs 4.22 lacks or gets wrong: comparisons have none, so `where(greater(x, 0), ...)` cannot be
 * differentiated; three others forget the broadcast; that of `cumsum` moves axes that were never moved.
 */
import * as tf from '@tensorflow/tfjs-core';

type Saved = [tf.Tensor, tf.Tensor];

/** Sums over what was broadcast: `dy` at the common shape -> at the shape of `x`. */
function narrowed(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(x.shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, x.shape);
}

const none = (x: tf.Tensor) => () => tf.zeros(x.shape);

for (const kernelName of [
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Equal',
  'NotEqual',
  'LogicalAnd',
  'LogicalOr',
]) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (_, saved) => ({ a: none(saved[0]!), b: none(saved[1]!) }),
  });
}
tf.registerGradient({
  kernelName: 'LogicalNot',
  inputsToSave: ['x'],
  gradFunc: (_, saved) => ({ x: none(saved[0]!) }),
});

/** Where both are equal, `a` is taken. */
function extremum(kernelName: string, aWins: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as Saved;
      const mask = () => tf.cast(aWins(a, b), 'float32');
      return {
        a: () => narrowed(tf.mul(dy as tf.Tensor, mask()), a),
        b: () => narrowed(tf.mul(dy as tf.Tensor, tf.sub(1, mask())), b),
      };
    },
  });
}
extremum('Maximum', (a, b) => tf.greaterEqual(a, b));
extremum('Minimum', (a, b) => tf.lessEqual(a, b));

tf.registerGradient({
  kernelName: 'SquaredDifference',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as Saved;
    const slope = () => tf.mul(dy as tf.Tensor, tf.mul(tf.sub(a, b), 2));
    return { a: () => narrowed(slope(), a), b: () => narrowed(tf.neg(slope()), b) };
  },
});

tf.registerGradient({
  kernelName: 'Cumsum',
  gradFunc: (dy, _, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as {
      axis: number;
      exclusive: boolean;
      reverse: boolean;
    };
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
});
