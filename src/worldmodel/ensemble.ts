import type { Tensors } from '../compute/engine.ts';
import { geluTanh, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';

/**
 * Several small predictors on frozen latents, each learnt from its own share of the data: where they disagree, nobody knows
 * (deep ensembles, arXiv 1612.01474).
 */
export interface Ensemble {
  readonly params: ParamSpecs;
  readonly members: number;
  /** Next latents by every member: `[N, D]`, `[N, B]` -> as many `[N, D]`. */
  foretell(params: Tensors, latents: tf.Tensor2D, blocks: tf.Tensor2D): tf.Tensor2D[];
}

export type EnsembleOptions = {
  readonly latentDim: number;
  readonly blockSize: number;
  readonly members?: number;
  readonly hidden?: number;
};

export function mlpEnsemble({ latentDim, blockSize, members = 4, hidden = 128 }: EnsembleOptions): Ensemble {
  const names = Array.from({ length: members }, (_, i) => `ensemble.m${i}`);
  return {
    params: Object.assign(
      {},
      ...names.map((name) => ({
        ...linearSpec(`${name}.in`, latentDim + blockSize, hidden),
        ...normSpec(`${name}.norm`, hidden),
        ...linearSpec(`${name}.mid`, hidden, hidden),
        ...normSpec(`${name}.midNorm`, hidden),
        ...linearSpec(`${name}.out`, hidden, latentDim, 0.1),
      })),
    ),
    members,
    foretell(p, latents, blocks) {
      const given = tf.concat([latents, blocks], 1);
      return names.map((name) => {
        const first = geluTanh(layerNorm(p, linear(p, given, `${name}.in`), `${name}.norm`));
        const second = geluTanh(layerNorm(p, linear(p, first, `${name}.mid`), `${name}.midNorm`));
        return tf.add(latents, linear(p, second, `${name}.out`)) as tf.Tensor2D;
      });
    },
  };
}

/** How much the members differ, summed over the latent: `[N, D]`, `[N, B]` -> `[N]`. */
export function disagreement(
  ensemble: Ensemble,
  params: Tensors,
  latents: tf.Tensor2D,
  blocks: tf.Tensor2D,
): tf.Tensor1D {
  const each = tf.stack(ensemble.foretell(params, latents, blocks), 0);
  return tf.sum(tf.mean(tf.squaredDifference(each, tf.mean(each, 0)), 0), 1) as tf.Tensor1D;
}

/** Mean squared error of every member on its own share. Inputs `from`, `to` `[N, D]`, `block` `[N, B]`, `shares` `[members, N]` of 0 and 1. */
export function ensembleLoss(ensemble: Ensemble) {
  return (params: Tensors, { from, to, block, shares }: Tensors) => {
    const foretold = ensemble.foretell(params, from as tf.Tensor2D, block as tf.Tensor2D);
    const masks = tf.split(shares!, ensemble.members, 0);
    const errors = foretold.map((each, i) => {
      const mask = tf.reshape(masks[i]!, [-1]);
      const missed = tf.mean(tf.squaredDifference(each, to!), 1);
      return tf.div(tf.sum(tf.mul(missed, mask)), tf.add(tf.sum(mask), 1e-6));
    });
    return {
      total: tf.div(
        errors.reduce<tf.Tensor>((a, b) => tf.add(a, b), tf.scalar(0)),
        errors.length,
      ) as tf.Scalar,
    };
  };
}
