import type { Tensors } from '../../compute/engine.ts';
import type { ParamSpecs } from '../../compute/layers.ts';
import type { tf } from '../../compute/tf.ts';
import type { Predictor } from '../predictor.ts';

/** Clips as latents: `latents` `[C * N, D]` and the normalised `blocks` `[(C - 1) * N, B]` between them, time-major. */
export type LatentClips = {
  readonly latents: tf.Tensor2D;
  readonly blocks: tf.Tensor2D;
  /** `C` and `N`. */
  readonly clip: number;
  readonly batch: number;
};

/** One more thing that latents should be good for while they are learnt. Its weights serve training alone. */
export interface Auxiliary {
  readonly params: ParamSpecs;
  /** -> scalar, added to the loss. */
  loss(params: Tensors, clips: LatentClips): tf.Scalar;
}

/** What an auxiliary is made for. */
export type AuxiliaryShape = {
  readonly latentDim: number;
  readonly blockSize: number;
  readonly clip: number;
  /** Of the model that is learnt; its weights are among those that a loss is given. */
  readonly predictor: Predictor;
};
