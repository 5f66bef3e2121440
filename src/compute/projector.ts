import type { Tensors } from './engine.ts';
import { gelu, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from './layers.ts';
import type { tf } from './tf.ts';

export type ProjectorOptions = {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** A layer norm before the activation; without, as where a batch norm was folded into the first layer. */
  readonly norm: boolean;
};

/** Weights of `projector`: `<name>.in`, `<name>.norm` if there is one, `<name>.out`. */
export function projectorSpec(name: string, { inputs, hidden, outputs, norm }: ProjectorOptions): ParamSpecs {
  return {
    ...linearSpec(`${name}.in`, inputs, hidden),
    ...(norm ? normSpec(`${name}.norm`, hidden) : {}),
    ...linearSpec(`${name}.out`, hidden, outputs),
  };
}

/** Two linear layers, `[..., inputs]` -> `[..., outputs]`; the last is free, so that SIGReg may shape what comes out. */
export function projector(p: Tensors, x: tf.Tensor, name: string, norm: boolean): tf.Tensor {
  const wide = linear(p, x, `${name}.in`);
  return linear(p, gelu(norm ? layerNorm(p, wide, `${name}.norm`) : wide), `${name}.out`);
}
