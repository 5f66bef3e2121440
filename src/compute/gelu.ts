import { tf } from './tf.ts';

type Save = (tensors: tf.Tensor[]) => void;
const SCALE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

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

const byTanh = tf.customGrad((input, keep) => {
  const [x, save] = [input as tf.Tensor, keep as Save];
  const square = tf.mul(x, x);
  const t = tf.tanh(tf.mul(x, tf.add(tf.mul(square, CUBIC * SCALE), SCALE)));
  const gate = tf.add(tf.mul(t, 0.5), 0.5);
  save([x, square, t, gate]);
  return {
    value: tf.mul(x, gate),
    gradFunc: (dy, saved) => {
      const [x, square, t, gate] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      // d gate / dx = (1 - t^2) (SCALE + 3 CUBIC SCALE x^2) / 2
      const slope = tf.add(tf.mul(square, 1.5 * CUBIC * SCALE), 0.5 * SCALE);
      return tf.mul(dy, tf.add(gate, tf.mul(tf.mul(x, slope), tf.sub(1, tf.mul(t, t)))));
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
