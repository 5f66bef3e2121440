import type { Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';

export type AdamWOptions = {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm?: number;
};

/** Names of the first and second moment of a weight, as inputs; a leading `new:` marks the outputs. */
export const momentNames = (name: string) => [`m:${name}`, `v:${name}`] as const;
export const isMoment = (name: string): boolean => /^[mv]:/.test(name);

/** Output name -> input name for a trainer that feeds its weights and moments back. */
export function adamwFeedback(names: readonly string[]): Record<string, string> {
  const fed = names.flatMap((name) => [name, ...momentNames(name)]);
  return Object.fromEntries(fed.map((name) => [`new:${name}`, name]));
}

/** Per-step scalars: `rate` is bias-corrected, `correction` is 1 / (1 - beta2^step), `decay` is 1 - lr x weight decay. */
export function adamwScalars(step: number, rate: number, weightDecay: number, { beta1 = 0.9, beta2 = 0.999 } = {}) {
  return {
    rate: Float32Array.of(rate / (1 - beta1 ** step)),
    correction: Float32Array.of(1 / (1 - beta2 ** step)),
    decay: Float32Array.of(1 - rate * weightDecay),
  };
}

/**
 * One AdamW step (Loshchilov and Hutter, 2019) as tensors: new weights and moments by name `new:*`, and `gradientNorm`.
 * Needs the inputs of `adamwScalars`, `[1]` each, and the moments. Matrices (`*.w`) decay; biases and norms do not.
 */
export function adamw(
  names: readonly string[],
  gradients: readonly tf.Tensor[],
  inputs: Tensors,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipNorm = 1 }: AdamWOptions = {},
): Tensors {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
  const scale = tf.div(clipNorm, tf.maximum(norm, clipNorm));
  const outputs: Tensors = { gradientNorm: norm };
  names.forEach((name, i) => {
    const [mName, vName] = momentNames(name);
    const gradient = tf.mul(gradients[i]!, scale);
    const m = tf.add(tf.mul(inputs[mName]!, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(inputs[vName]!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const update = tf.div(tf.mul(m, inputs.rate!), tf.add(tf.sqrt(tf.mul(v, inputs.correction!)), epsilon));
    const weight = name.endsWith('.w') ? tf.mul(inputs[name]!, inputs.decay!) : inputs[name]!;
    outputs[`new:${mName}`] = m;
    outputs[`new:${vName}`] = v;
    outputs[`new:${name}`] = tf.sub(weight, update);
  });
  return outputs;
}
