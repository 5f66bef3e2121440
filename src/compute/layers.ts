import type { Random } from '../random.ts';
import type { Shape, Tensors } from './engine.ts';
import { tf } from './tf.ts';

/** How a weight begins. */
export type Init = 'zeros' | 'ones' | { readonly normal: number };
export type ParamSpecs = Record<string, { readonly shape: Shape; readonly init: Init }>;

/** Weights `<name>.w` `[inputs, outputs]`, drawn at `gain / sqrt(inputs)`, and `<name>.b` `[outputs]`. */
export function linearSpec(name: string, inputs: number, outputs: number, gain = 1): ParamSpecs {
  return {
    [`${name}.w`]: { shape: [inputs, outputs], init: { normal: gain / Math.sqrt(inputs) } },
    [`${name}.b`]: { shape: [outputs], init: 'zeros' },
  };
}

/** Gain `<name>.g` and bias `<name>.b`, `[width]`. */
export function normSpec(name: string, width: number): ParamSpecs {
  return { [`${name}.g`]: { shape: [width], init: 'ones' }, [`${name}.b`]: { shape: [width], init: 'zeros' } };
}

/** Filters `<name>.w` `[side, side, inputs, outputs]` and `<name>.b` `[outputs]`. */
export function convSpec(name: string, side: number, inputs: number, outputs: number, gain = 1): ParamSpecs {
  return {
    [`${name}.w`]: {
      shape: [side, side, inputs, outputs],
      init: { normal: gain / Math.sqrt(side * side * inputs) },
    },
    [`${name}.b`]: { shape: [outputs], init: 'zeros' },
  };
}

/** Projections `<name>.qkv` and `<name>.out` of `attention`; `inner` is the width of all heads together. */
export function attentionSpec(name: string, width: number, gain = 1, inner = width): ParamSpecs {
  return { ...linearSpec(`${name}.qkv`, width, 3 * inner), ...linearSpec(`${name}.out`, inner, width, gain) };
}

/** First weights. Each is drawn from its own stream, by name: adding a layer does not change the others. */
export function initialise(specs: ParamSpecs, random: Random): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, init }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      if (init === 'zeros') return [name, new Float32Array(size)];
      if (init === 'ones') return [name, new Float32Array(size).fill(1)];
      return [
        name,
        random
          .fork(name)
          .normals(size)
          .map((value) => value * init.normal),
      ];
    }),
  );
}

/** The weight of that name. */
export function param(p: Tensors, name: string): tf.Tensor {
  const tensor = p[name];
  if (tensor === undefined) throw new RangeError(`weight ${name} must be given, got ${Object.keys(p).join(', ')}`);
  return tensor;
}

/** `[..., inputs]` -> `[..., outputs]`. */
export function linear(p: Tensors, x: tf.Tensor, name: string): tf.Tensor {
  const w = param(p, `${name}.w`) as tf.Tensor2D;
  const [inputs, outputs] = w.shape;
  if (x.shape.at(-1) !== inputs) {
    throw new RangeError(`the last axis of the input of ${name} must be ${inputs}, got [${x.shape.join(', ')}]`);
  }
  if (x.rank === 2) return tf.add(tf.matMul(x as tf.Tensor2D, w), param(p, `${name}.b`));
  const y = tf.add(tf.matMul(tf.reshape(x, [-1, inputs]) as tf.Tensor2D, w), param(p, `${name}.b`));
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

/** `[N, h, w, inputs]` -> `[N, h', w', outputs]`. */
export function conv2d(
  p: Tensors,
  x: tf.Tensor,
  name: string,
  { stride = 1, pad = 'same' }: { stride?: number; pad?: 'same' | 'valid' | number } = {},
): tf.Tensor4D {
  const w = param(p, `${name}.w`) as tf.Tensor4D;
  return tf.add(tf.conv2d(x as tf.Tensor4D, w, stride, pad), param(p, `${name}.b`)) as tf.Tensor4D;
}

/** Multi-head self-attention: `[N, tokens, width]` -> the same. `mask`, `[tokens, tokens]`, is added to the scores. */
export function attention(p: Tensors, x: tf.Tensor, name: string, heads: number, mask?: tf.Tensor): tf.Tensor3D {
  const [count, tokens] = x.shape as [number, number, number];
  const inner = param(p, `${name}.qkv.b`).size / 3;
  if (inner % heads !== 0) throw new RangeError(`heads must divide the width ${inner}, got ${heads}`);
  const size = inner / heads;
  const qkv = tf.reshape(linear(p, x, `${name}.qkv`), [count, tokens, 3, heads, size]);
  const byHead = tf.reshape(tf.transpose(qkv, [2, 0, 3, 1, 4]), [3, count * heads, tokens, size]);
  const [q, k, v] = tf.split(byHead, 3, 0).map((part) => tf.reshape(part, [count * heads, tokens, size]));
  const scores = tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(size));
  const weights = tf.softmax(mask === undefined ? scores : tf.add(scores, mask));
  const mixed = tf.reshape(tf.matMul(weights, v!), [count, heads, tokens, size]);
  return linear(p, tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [count, tokens, inner]), `${name}.out`) as tf.Tensor3D;
}

/** `x / (1 + exp(-x))`. */
export function silu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

/** `mask` is 1 where a value is kept and 0 where it is dropped (drawn by the caller, an input); `rate` is the share dropped. */
export function dropout(x: tf.Tensor, mask: tf.Tensor, rate: number): tf.Tensor {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`rate must be in [0, 1), got ${rate}`);
  return tf.mul(x, tf.mul(mask, 1 / (1 - rate)));
}

export { gelu, geluTanh } from './gelu.ts';
export { batchNorm, batchNormEval, layerNorm, plainNorm } from './norms.ts';
