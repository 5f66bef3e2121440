import type { Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Predictor } from './predictor.ts';

/**
 * Imagined futures: from `T` latents `[S, D]` each and the `T - 1` blocks `[S, B]` between them, through candidate
 * blocks (`H` of `[S, B]`), to `H` latents `[S, D]`. One function for training, planning and surprise.
 */
export function rollout(
  predictor: Predictor,
  params: Tensors,
  past: { readonly latents: readonly tf.Tensor2D[]; readonly blocks: readonly tf.Tensor2D[] },
  candidates: readonly tf.Tensor2D[],
): tf.Tensor2D[] {
  const length = predictor.contextLength;
  if (past.latents.length !== length || past.blocks.length !== length - 1) {
    throw new RangeError(
      `past must hold ${length} latents and ${length - 1} blocks, got ${past.latents.length} and ${past.blocks.length}`,
    );
  }
  const latents = [...past.latents];
  const blocks = [...past.blocks, ...candidates];
  return candidates.map((_, step) => {
    const next = foresee(predictor, params, latents, blocks.slice(0, length + step));
    latents.push(next);
    return next;
  });
}

/** The next latent, from all latents so far and what was done after each: looks back as far as the predictor does. */
export function foresee(
  predictor: Predictor,
  params: Tensors,
  latents: readonly tf.Tensor2D[],
  blocks: readonly tf.Tensor2D[],
): tf.Tensor2D {
  const window = predictor.window ?? predictor.contextLength;
  const [seen, done] = [latents, blocks].map((list) => tf.stack(list.slice(-window), 1) as tf.Tensor3D);
  return predictor.predict(params, seen!, done!);
}
