import type { Inputs, Specs } from '../compute/engine.ts';
import type { Context } from '../perception/context.ts';

/** Sizes of a context: `T`, `D` and `B`. */
export type PastShape = { readonly length: number; readonly dim: number; readonly blockSize: number };

/** Inputs of a program that takes a context: `latent<t>` `[1, D]` and `block<t>` `[1, B]`, oldest first. */
export const pastSpecs = ({ length, dim, blockSize }: PastShape): Specs => ({
  ...Object.fromEntries(Array.from({ length }, (_, t) => [`latent${t}`, [1, dim]])),
  ...Object.fromEntries(Array.from({ length: length - 1 }, (_, t) => [`block${t}`, [1, blockSize]])),
});

/** A context shorter than `T` (the first frames of a run) is filled up with its oldest latent and resting blocks. */
export function pastOf({ latents, blocks }: Context, { length, blockSize }: PastShape): Inputs {
  const missing = length - latents.length;
  return {
    ...Object.fromEntries(Array.from({ length }, (_, t) => [`latent${t}`, latents[Math.max(0, t - missing)]!])),
    ...Object.fromEntries(
      Array.from({ length: length - 1 }, (_, t) => [`block${t}`, blocks[t - missing] ?? new Float32Array(blockSize)]),
    ),
  };
}
