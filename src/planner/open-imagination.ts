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
import { sumOf } from './cost.ts';
import { goalDistance } from './costs/goal-distance.ts';
import { temporalDistance } from './costs/temporal-distance.ts';
import type { Imagination } from './imagination.ts';
import { pastOf, pastSpecs } from './past.ts';
import type { PlanShape } from './planner.ts';

export type ImaginationOptions = {
  /** Candidates judged at a time, `S`. */
  readonly samples?: number;
  /** Blocks looked ahead, `H`. */
  readonly horizon?: number;
  /** Which cost; `auto` uses the critic where the checkpoint has one. */
  readonly cost?: 'auto' | 'last' | 'sum' | 'critic';
  /** Weight of squared latent distance beside the critic. */
  readonly latentWeight?: number;
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
  const { samples = 64, horizon = 5 } = options;
  const model = buildModel(config);
  const shape = planShape(config, horizon);
  const embedder = await createEmbedder(engine, model.encoder, 1);
  embedder.load(params);
  const cost = costOf(model, options);
  const judge = await futures(engine, checkpoint, model, shape, samples, { cost });
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
      Object.assign(async (candidates: Float32Array) => (await judge.run(context, candidates, goal)).costs!, {
        slopes: async (candidates: Float32Array) => {
          steep ??= futures(engine, checkpoint, model, shape, samples, { cost, slopes: true });
          const { costs, slopes } = await (await steep).run(context, candidates, goal);
          return { costs: costs!, slopes: slopes! };
        },
      }),
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

function costOf({ critic }: Model, { cost = 'auto', latentWeight = 0.02 }: ImaginationOptions): Cost {
  if (cost === 'last' || cost === 'sum') return goalDistance(cost);
  if (critic) return sumOf([1, temporalDistance(critic)], [latentWeight, goalDistance('sum')]);
  if (cost === 'critic') throw new RangeError('cost must be last or sum for a checkpoint without a critic, got critic');
  return goalDistance('sum');
}

/** Rollout, and the cost and its slopes if they are asked for, compiled as one graph for the whole horizon; weights are inputs. */
async function futures(
  engine: Engine,
  { config, params }: Checkpoint,
  model: Model,
  shape: PlanShape,
  samples: number,
  { cost, slopes = false }: { readonly cost?: Cost; readonly slopes?: boolean } = {},
) {
  const { predictor, encoder, critic } = model;
  const { horizon } = shape;
  const dim = encoder.latentDim;
  const length = predictor.contextLength;
  const blockSize = config.frameskip * config.action.mean.length;
  const weights = { ...shapesOf(predictor.params), ...(cost && critic ? shapesOf(critic.params) : {}) };
  const past = { length, dim, blockSize };
  const latentsOf = (all: Tensors, candidates: tf.Tensor): tf.Tensor3D => {
    const repeated = (name: string, count: number) =>
      Array.from({ length: count }, (_, t) => tf.tile(all[`${name}${t}`]!, [samples, 1]) as tf.Tensor2D);
    const given = { latents: repeated('latent', length), blocks: repeated('block', length - 1) };
    return tf.stack(rollout(predictor, all, given, tf.unstack(candidates, 1) as tf.Tensor2D[]), 1) as tf.Tensor3D;
  };
  const costsOf = (all: Tensors, candidates: tf.Tensor): tf.Tensor =>
    cost!({
      latents: latentsOf(all, candidates),
      blocks: candidates as tf.Tensor3D,
      goal: all.goal as tf.Tensor1D,
      params: all,
    });
  const steepness = (all: Tensors): Tensors => {
    let costs: tf.Tensor | undefined;
    const total = (candidates: tf.Tensor): tf.Scalar => {
      costs = tf.keep(costsOf(all, candidates)); // outlives the inner scope
      return tf.sum(costs);
    };
    const slope = tf.grad(total)(all.candidates!);
    return { costs: costs!, slopes: slope };
  };
  const fn = (all: Tensors): Tensors => {
    if (!cost) return { latents: latentsOf(all, all.candidates!) };
    return slopes ? steepness(all) : { costs: costsOf(all, all.candidates!) };
  };
  const specs = {
    ...weights,
    ...pastSpecs(past),
    candidates: [samples, horizon, blockSize],
    ...(cost ? { goal: [dim] } : {}),
  };
  const program = await engine.compile(fn, specs);
  let pending: Inputs = Object.fromEntries(Object.keys(weights).map((name) => [name, params[name]!]));
  return {
    async run(context: Context, candidates: Float32Array, goal?: Float32Array) {
      const given = { ...pending, ...pastOf(context, past), candidates, ...(goal ? { goal } : {}) };
      pending = {};
      return program.run(given);
    },
    dispose: () => program.dispose(),
  };
}
