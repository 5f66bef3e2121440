import type { Engine, Inputs, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Context } from '../perception/context.ts';
import { requireSize } from '../perception/preprocess.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { createEmbedder } from '../worldmodel/embed.ts';
import { buildModel, type Model, type ModelConfig, shapesOf } from '../worldmodel/model.ts';
import { readOut } from '../worldmodel/probe.ts';
import { rollout } from '../worldmodel/rollout.ts';
import type { Cost } from './cost.ts';
import { type CostChoice, costTerms, costWeights } from './costs.ts';
import type { Imagination } from './imagination.ts';
import { pastOf, pastSpecs } from './past.ts';
import type { PlanShape } from './planner.ts';

export type ImaginationOptions = {
  /** Candidates judged at a time, `S`. */
  readonly samples?: number;
  /** Blocks looked ahead, `H`. */
  readonly horizon?: number;
  /** What futures are judged by, e.g. `{ critic: 1, effort: 0.1 }`; `auto` uses the critic where the checkpoint has one. */
  readonly cost?: CostChoice;
};

/** Futures drawn for pictures at a time. */
const PICTURED = 32;

/** Opens a checkpoint for planning: what it sees, and what it makes of candidate futures. Shapes as in `Imagination`. */
export async function openImagination(
  engine: Engine,
  checkpoint: Checkpoint,
  options: ImaginationOptions = {},
): Promise<Imagination> {
  const { config, params } = checkpoint;
  const { samples = 64, horizon = 5, cost = 'auto' } = options;
  const model = buildModel(config);
  const shape = planShape(config, horizon);
  const embedder = await createEmbedder(engine, model.encoder, 1);
  embedder.load(params);
  let weights = costWeights(cost, model);
  const costs = costTerms(weights, model, config);
  const judge = await futures(engine, checkpoint, model, shape, samples, { costs });
  const weighed = () => Float32Array.from(Object.values(weights));
  let steep: ReturnType<typeof futures> | undefined; // compiled for whoever asks for slopes
  const picture = await futures(engine, checkpoint, model, shape, PICTURED);
  const { mean, std } = config.action;

  return {
    shape,
    contextLength: model.predictor.contextLength,
    pictureSize: config.imageSize,
    normalise: (action) => Float32Array.from(action, (value, i) => (value - mean[i]!) / std[i]!),
    denormalise: (action) => Array.from(action, (value, i) => value * std[i]! + mean[i]!),
    see: async (frame) => await embedder.embed(requireSize(frame, config.imageSize).data),
    score: (context, goal) =>
      Object.assign(
        async (candidates: Float32Array) => (await judge.run(context, candidates, goal, weighed())).costs!,
        {
          slopes: async (candidates: Float32Array) => {
            steep ??= futures(engine, checkpoint, model, shape, samples, { costs, slopes: true });
            const found = await (await steep).run(context, candidates, goal, weighed());
            return { costs: found.costs!, slopes: found.slopes! };
          },
        },
      ),
    costs: () => weights,
    weigh(changed) {
      for (const [name, weight] of Object.entries(changed)) {
        if (!Object.hasOwn(weights, name))
          throw new RangeError(`cost must be one of ${Object.keys(weights).join(', ')}, got ${name}`);
        if (!Number.isFinite(weight))
          throw new RangeError(`the weight of cost ${name} must be a number, got ${weight}`);
      }
      weights = { ...weights, ...changed };
    },
    async imagine(context, blocks) {
      const size = shape.horizon * shape.frameskip * shape.actionSize;
      const full = new Float32Array(PICTURED * size);
      full.set(blocks.subarray(0, full.length));
      const { latents } = await picture.run(context, full);
      return latents!.slice(0, (Math.min(blocks.length, full.length) / size) * horizon * config.encoder.latentDim);
    },
    distance: (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0),
    ...(config.probe
      ? {
          locate: (latent) =>
            readOut({ weights: params['probe.w']!, bias: params['probe.b']! }, latent) as [number, number],
        }
      : {}),
    async dispose() {
      await embedder.dispose();
      await judge.dispose();
      await (await steep)?.dispose();
      await picture.dispose();
    },
  };
}

/** How plans for this model are made up: sizes, timing, and the legal range of normalised actions. */
export function planShape({ frameskip, periodMs, action }: ModelConfig, horizon: number): PlanShape {
  const scaled = (values: readonly number[]) => values.map((value, i) => (value - action.mean[i]!) / action.std[i]!);
  return {
    horizon,
    frameskip,
    actionSize: action.mean.length,
    periodMs,
    low: scaled(action.low),
    high: scaled(action.high),
  };
}

/** Rollout, and the cost and its slopes if they are asked for, compiled as one graph for the whole horizon; weights are inputs. */
async function futures(
  engine: Engine,
  { config, params }: Checkpoint,
  model: Model,
  shape: PlanShape,
  samples: number,
  { costs, slopes = false }: { readonly costs?: readonly Cost[]; readonly slopes?: boolean } = {},
) {
  const { predictor, encoder, critic } = model;
  const { horizon } = shape;
  const dim = encoder.latentDim;
  const length = predictor.contextLength;
  const blockSize = config.frameskip * config.action.mean.length;
  const weights = { ...shapesOf(predictor.params), ...(costs && critic ? shapesOf(critic.params) : {}) };
  const past = { length, dim, blockSize };
  const latentsOf = (all: Tensors, candidates: tf.Tensor): tf.Tensor3D => {
    const repeated = (name: string, count: number) =>
      Array.from({ length: count }, (_, t) => tf.tile(all[`${name}${t}`]!, [samples, 1]) as tf.Tensor2D);
    const given = { latents: repeated('latent', length), blocks: repeated('block', length - 1) };
    return tf.stack(rollout(predictor, all, given, tf.unstack(candidates, 1) as tf.Tensor2D[]), 1) as tf.Tensor3D;
  };
  const costsOf = (all: Tensors, candidates: tf.Tensor): tf.Tensor => {
    const imagined = {
      latents: latentsOf(all, candidates),
      blocks: candidates as tf.Tensor3D,
      goal: all.goal as tf.Tensor1D,
      params: all,
    };
    const weight = tf.split(all.costWeights!, costs!.length);
    return costs!.map((cost, k) => tf.mul(cost(imagined), weight[k]!)).reduce((a, b) => tf.add(a, b));
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
  const fn = (all: Tensors): Tensors => {
    if (!costs) return { latents: latentsOf(all, all.candidates!) };
    return slopes ? steepness(all) : { costs: costsOf(all, all.candidates!) };
  };
  const specs = {
    ...weights,
    ...pastSpecs(past),
    candidates: [samples, horizon, blockSize],
    ...(costs && { goal: [dim], costWeights: [costs.length] }),
  };
  const program = await engine.compile(fn, specs);
  let pending: Inputs = Object.fromEntries(Object.keys(weights).map((name) => [name, params[name]!]));
  return {
    async run(context: Context, candidates: Float32Array, goal?: Float32Array, costWeights?: Float32Array) {
      const given = {
        ...pending,
        ...pastOf(context, past),
        candidates,
        ...(goal && { goal }),
        ...(costWeights && { costWeights }),
      };
      pending = {};
      return program.run(given);
    },
    dispose: () => program.dispose(),
  };
}
