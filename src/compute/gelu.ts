import { tf } from './tf.ts';

type Save = (tensors: tf.Tensor[]) => void;
const SCALE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715 * SCALE;

const exact = tf.customGrad((input, keep) => {
  const [x, save] = [input as tf.Tensor, keep as Save];
  const gate = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
  save([x, gate]);
  return {
    value: tf.mul(x, gate),
    gradFunc: (dy, saved) => {
      const [x, gate] = saved as [tf.Tensor, tf.Tensor];
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(gate, tf.mul(x, density)));
    },
  };
});

/** `(1 + tanh(u)) / 2` is `sigmoid(2 u)`: three passes over the data less. */
const byTanh = tf.customGrad((input, keep) => {
  const [x, save] = [input as tf.Tensor, keep as Save];
  const square = tf.mul(x, x);
  const gate = tf.sigmoid(tf.mul(x, tf.add(tf.mul(square, CUBIC), SCALE)));
  const value = tf.mul(x, gate);
  save([square, gate, value]);
  return {
    value,
    gradFunc: (dy, saved) => {
      const [square, gate, value] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const slope = tf.add(tf.mul(square, 3 * CUBIC), SCALE); // of what is in the sigmoid
      return tf.mul(dy, tf.add(gate, tf.mul(tf.mul(value, slope), tf.sub(1, gate))));
    },
  };
});

/** `x P(X <= x)` for a standard normal `X`; the gradient is written out. Gaussian error linear units, arXiv 1606.08415. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return exact(x);
}

/** The tanh form of `gelu`, within 5e-4 of it, with its gradient written out. */
export function geluTanh(x: tf.Tensor): tf.Tensor {
  return byTanh(x);
}
