import type { Tensors } from './engine.ts';
import { tf } from './tf.ts';

type Save = (tensors: tf.Tensor[]) => void;

/**
 * Zero mean and unit variance along `axes`, then gain and bias `[width]` along the last axis. The gradient is the
 * closed form: fewer operators than the chain that tfjs derives.
 */
function normalise(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, axes: number[], eps: number): tf.Tensor {
  const leading = x.shape.map((_, axis) => axis).slice(0, -1);
  return tf.customGrad((input, g, b, keep) => {
    const [x, gain, bias, save] = [input as tf.Tensor, g as tf.Tensor, b as tf.Tensor, keep as Save];
    const [unit, inverse] = standardised(x, axes, eps);
    save([unit, inverse, gain]);
    return {
      value: tf.add(tf.mul(unit, gain), bias),
      gradFunc: (dy, saved) => {
        const [unit, inverse, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const scaled = tf.mul(dy, gain);
        const alongMean = tf.mean(scaled, axes, true);
        const alongUnit = tf.mul(unit, tf.mean(tf.mul(scaled, unit), axes, true));
        return [
          tf.mul(tf.sub(tf.sub(scaled, alongMean), alongUnit), inverse),
          tf.sum(tf.mul(dy, unit), leading),
          tf.sum(dy, leading),
        ];
      },
    };
  })(x, gain, bias);
}

/** `x` at mean 0 and variance 1 along `axes`, and one over the spread. Tracing has one operator for the last axis. */
function standardised(x: tf.Tensor, axes: number[], eps: number): [tf.Tensor, tf.Tensor] {
  if (axes.length === 1 && axes[0] === x.rank - 1 && tf.getKernel('Standardise', tf.getBackend())) {
    return tf.engine().runKernel('Standardise', { x }, { eps }) as tf.Tensor[] as [tf.Tensor, tf.Tensor];
  }
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), eps));
  return [tf.mul(centred, inverse), inverse];
}

/** Layer normalisation along the last axis, weights `<name>.g` and `<name>.b`. arXiv 1607.06450. */
export function layerNorm(p: Tensors, x: tf.Tensor, name: string, eps = 1e-5): tf.Tensor {
  return normalise(x, p[`${name}.g`]!, p[`${name}.b`]!, [x.rank - 1], eps);
}

/** Layer normalisation along the last axis, without weights. */
export function plainNorm(x: tf.Tensor, eps = 1e-5): tf.Tensor {
  const width = x.shape.at(-1)!;
  return normalise(x, tf.ones([width]), tf.zeros([width]), [x.rank - 1], eps);
}

/** Batch normalisation with this batch's statistics: over all axes but the last. `mean` and `variance` are `[width]`. */
export function batchNorm(
  p: Tensors,
  x: tf.Tensor,
  name: string,
  eps = 1e-5,
): { y: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor } {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const { mean, variance } = tf.moments(x, axes);
  return { y: normalise(x, p[`${name}.g`]!, p[`${name}.b`]!, axes, eps), mean, variance };
}

/** Batch normalisation with remembered statistics `<name>.mean` and `<name>.variance`, `[width]`. */
export function batchNormEval(p: Tensors, x: tf.Tensor, name: string, eps = 1e-5): tf.Tensor {
  const scale = tf.mul(tf.rsqrt(tf.add(p[`${name}.variance`]!, eps)), p[`${name}.g`]!);
  return tf.add(tf.mul(tf.sub(x, p[`${name}.mean`]!), scale), p[`${name}.b`]!);
}
