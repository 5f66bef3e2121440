import type { Specs, Tensors } from '../compute/engine.ts';
import type { tf } from '../compute/tf.ts';

/** What a cost may look at: where we are, `S` imagined futures, the blocks that lead there, where we wish to be, and the weights. */
export type Imagined = {
  readonly now: tf.Tensor1D; // [D]
  readonly latents: tf.Tensor3D; // [S, H, D]
  readonly blocks: tf.Tensor3D; // [S, H, B], normalised
  readonly goal: tf.Tensor1D; // [D]
  readonly params: Tensors;
};

/** `[S]`, lower is better. Compiled together with the rollout. */
export type Cost = ((imagined: Imagined) => tf.Tensor1D) & Reads;

/** Which weights of a checkpoint it looks at in `params`: none unless said. */
export type Reads = { readonly reads?: Specs };
export const reading = <Judge extends object>(reads: Specs, judge: Judge): Judge & Reads =>
  Object.assign(judge, { reads });
