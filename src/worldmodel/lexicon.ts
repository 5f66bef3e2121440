import type { Tensors } from '../compute/engine.ts';
import { geluTanh, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';

/**
 * Language, as thin as it can be: which of a fixed list of sayings hold of a latent. It turns words into goals (a remembered moment
 * of which they hold) and imagined moments into words; it plans nothing.
 */
export interface Lexicon {
  readonly params: ParamSpecs;
  /** `[N, D]` -> log-odds `[N, W]` that each of `W` sayings holds. */
  odds(params: Tensors, latents: tf.Tensor2D): tf.Tensor2D;
}

export type LexiconOptions = { readonly latentDim: number; readonly sayings: number; readonly hidden?: number };

export function mlpLexicon({ latentDim, sayings, hidden = 128 }: LexiconOptions): Lexicon {
  return {
    params: {
      ...linearSpec('lexicon.in', latentDim, hidden),
      ...normSpec('lexicon.norm', hidden),
      ...linearSpec('lexicon.out', hidden, sayings),
    },
    odds: (p, latents) =>
      linear(p, geluTanh(layerNorm(p, linear(p, latents, 'lexicon.in'), 'lexicon.norm')), 'lexicon.out') as tf.Tensor2D,
  };
}

/** Log-probability that sayings hold, from log-odds. */
export const likely = (odds: tf.Tensor): tf.Tensor => tf.neg(tf.softplus(tf.neg(odds)));

/** Cross-entropy per saying. Inputs `latents` `[N, D]`, `truth` `[N, W]` of 0 and 1. */
export function lexiconLoss(lexicon: Lexicon) {
  return (params: Tensors, { latents, truth }: Tensors) => {
    const odds = lexicon.odds(params, latents as tf.Tensor2D);
    return { total: tf.mean(tf.sub(tf.softplus(odds), tf.mul(truth!, odds))) as tf.Scalar };
  };
}
