import type { Tensors } from '../compute/engine.ts';
import type { ParamSpecs } from '../compute/layers.ts';
import type { tf } from '../compute/tf.ts';

/** Imagines: given what was and what is done, what comes next. Its weights are named tensors handed in. */
export interface Predictor {
  readonly params: ParamSpecs;
  /** Latents looked back on, `T`. */
  readonly contextLength: number;
  /** Latents looked back on while imagining, the imagined among them: from `T` on as many as there are, up to so many. `T` unless given. */
  readonly window?: number;
  /** Next latent: `[S, T, D]`, `[S, T, B]` -> `[S, D]`; `blocks[t]` is what is done after `latents[t]`. */
  predict(params: Tensors, latents: tf.Tensor3D, blocks: tf.Tensor3D): tf.Tensor2D;
}
