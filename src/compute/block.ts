import type { Tensors } from './engine.ts';
import { attention, attentionSpec, gelu, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from './layers.ts';
import type { tf } from './tf.ts';

/** Weights of a transformer's block: attention, whose heads are `inner` wide together, and a perceptron, each behind a norm of its own. */
export function blockSpec(name: string, width: number, hidden: number, inner = width): ParamSpecs {
  return {
    ...normSpec(`${name}.attentionNorm`, width),
    ...attentionSpec(`${name}.attention`, width, 1, inner),
    ...normSpec(`${name}.norm`, width),
    ...linearSpec(`${name}.up`, width, hidden),
    ...linearSpec(`${name}.down`, hidden, width),
  };
}

export type BlockOptions = {
  readonly heads: number;
  /** Of both norms: 1e-5 unless given. */
  readonly epsilon?: number;
  readonly mask?: tf.Tensor | undefined;
};

/** The attention of a block behind its norm: `[N, tokens, width]` -> the same. What comes out is added by the caller. */
export const attended = (p: Tensors, x: tf.Tensor, name: string, { heads, epsilon, mask }: BlockOptions): tf.Tensor =>
  attention(p, layerNorm(p, x, `${name}.attentionNorm`, epsilon), `${name}.attention`, heads, mask);

/** The perceptron of a block behind its norm: `[N, tokens, width]` -> the same. */
export const perceptron = (p: Tensors, x: tf.Tensor, name: string, epsilon?: number): tf.Tensor =>
  linear(p, gelu(linear(p, layerNorm(p, x, `${name}.norm`, epsilon), `${name}.up`)), `${name}.down`);
