import type { Tensors } from '../compute/engine.ts';
import type { ParamSpecs } from '../compute/layers.ts';
import type { tf } from '../compute/tf.ts';

/** Sees: pictures in, latents out. Its weights are named tensors handed in, so one function trains and runs. */
export interface Encoder {
  readonly params: ParamSpecs;
  readonly latentDim: number;
  /** Pixels per side of the square pictures it takes. */
  readonly imageSize: number;
  /** `[N, h, w, 3]`, normalised pixels -> `[N, D]`. */
  encode(params: Tensors, pixels: tf.Tensor4D): tf.Tensor2D;
  /** Never trained, and no tensor function: the graph that is run instead, and how it takes bytes. */
  readonly frozen?: {
    readonly file: string;
    readonly scale: { readonly mean: readonly number[]; readonly std: readonly number[] };
  };
}
