import type { Specs, TensorFunction, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import { type Model, type ModelConfig, shapesOf } from '../worldmodel/model.ts';
import { rollout } from '../worldmodel/rollout.ts';
import type { Cost, Imagined, Reads } from './cost.ts';
import { pastSpecs } from './past.ts';
import type { PlanShape } from './planner.ts';

/** How far imagined futures overstep a bound: `[S]`, 0 for those that keep it. */
export type Guardrail = ((imagined: Pick<Imagined, 'now' | 'latents' | 'blocks' | 'params'>) => tf.Tensor1D) & Reads;

/** What futures are judged by. */
export type Judgement = {
  readonly costs: Readonly<Record<string, Cost>>;
  /** What no future may overstep, by name: `keepOut`, `keepIn`, `known`. */
  readonly guardrails?: Readonly<Record<string, Guardrail>>;
  /** Slopes of the costs along the candidates too. */
  readonly slopes?: boolean;
  /** What the candidates lead to is given, `latents` `[S, H, D]`, and not imagined again. */
  readonly foreseen?: boolean;
};

/** What overstepping a bound costs: more than any wish. */
const PROHIBITIVE = 1e6;

/**
 * Rollout over the whole horizon as one tensor function, and the costs (and their slopes) where futures are judged. Inputs: `latent<t>`,
 * `block<t>`, `candidates` `[S, H, B]`, and to judge them `goal` `[D]` and `costWeights` `[C]`. Gives `latents` `[S, H, D]`, or
 * `costs` `[S]` and `slopes` `[S, H, B]`. All other inputs are weights, by their names in a checkpoint.
 */
export function futures(
  { predictor, encoder }: Pick<Model, 'predictor' | 'encoder'>,
  { frameskip, action }: ModelConfig,
  { horizon }: Pick<PlanShape, 'horizon'>,
  samples: number,
  judgement?: Judgement,
): { readonly fn: TensorFunction; readonly specs: Specs } {
  const dim = encoder.latentDim;
  const length = predictor.contextLength;
  const blockSize = frameskip * action.mean.length;
  const { costs = {}, guardrails = {}, slopes = false, foreseen = false } = judgement ?? {};
  const weights = {
    ...(!foreseen && shapesOf(predictor.params)),
    ...Object.assign({}, ...[...Object.values(costs), ...Object.values(guardrails)].map(({ reads }) => reads)),
  };
  const latentsOf = (all: Tensors, candidates: tf.Tensor): tf.Tensor3D => {
    const repeated = (name: string, count: number) =>
      Array.from({ length: count }, (_, t) => tf.tile(all[`${name}${t}`]!, [samples, 1]) as tf.Tensor2D);
    const given = { latents: repeated('latent', length), blocks: repeated('block', length - 1) };
    return tf.stack(rollout(predictor, all, given, tf.unstack(candidates, 1) as tf.Tensor2D[]), 1) as tf.Tensor3D;
  };
  const costsOf = (all: Tensors, candidates: tf.Tensor): tf.Tensor => {
    const latents = foreseen ? (all.latents as tf.Tensor3D) : latentsOf(all, candidates);
    const now = tf.reshape(all[`latent${length - 1}`]!, [dim]) as tf.Tensor1D;
    const imagined = { now, latents, blocks: candidates as tf.Tensor3D, goal: all.goal as tf.Tensor1D, params: all };
    const names = Object.keys(costs);
    const weight = tf.split(all.costWeights!, names.length);
    const wished = names
      .map((name, k) => tf.mul(requireShape(name, costs[name]!(imagined), samples), weight[k]!))
      .reduce((a, b) => tf.add(a, b));
    return Object.entries(guardrails).reduce(
      (cost, [name, overstepped]) =>
        tf.add(cost, tf.mul(requireShape(name, overstepped(imagined), samples), PROHIBITIVE)),
      wished,
    );
  };
  const steepness = (all: Tensors): Tensors => {
    let each: tf.Tensor | undefined;
    const total = (candidates: tf.Tensor): tf.Scalar => {
      each = tf.keep(costsOf(all, candidates)); // outlives the inner scope
      return tf.sum(each);
    };
    const slope = tf.grad(total)(all.candidates!);
    return { costs: each!, slopes: slope };
  };
  return {
    fn: (all) => {
      if (!judgement) return { latents: latentsOf(all, all.candidates!) };
      return slopes ? steepness(all) : { costs: costsOf(all, all.candidates!) };
    },
    specs: {
      ...weights,
      ...pastSpecs({ length, dim, blockSize }),
      candidates: [samples, horizon, blockSize],
      ...(foreseen && { latents: [samples, horizon, dim] }),
      ...(judgement && { goal: [dim], costWeights: [Object.keys(costs).length] }),
    },
  };
}

function requireShape(name: string, cost: tf.Tensor, samples: number): tf.Tensor {
  if (cost.rank === 1 && cost.size === samples) return cost;
  throw new RangeError(
    `cost ${name} must give one number for each of ${samples} futures, got [${cost.shape.join(', ')}]`,
  );
}
