import type { Engine, Inputs } from '../compute/engine.ts';
import { inOneView } from '../data/view.ts';
import { PremotorError, UsageError } from '../errors.ts';
import type { Context } from '../perception/context.ts';
import { requireSize } from '../perception/preprocess.ts';
import { pictureOf, THUMBNAIL, thumbnail } from '../perception/thumbnail.ts';
import { fromNearest, nearestOf } from '../worldmodel/calibrate.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { createEmbedder } from '../worldmodel/embed.ts';
import { buildModel, type Model, type ModelConfig } from '../worldmodel/model.ts';
import { readOut } from '../worldmodel/probe.ts';
import { reading } from './cost.ts';
import { type CostChoice, type CostWeights, costTerms, costWeights } from './costs.ts';
import { futures, type Guardrail, type Judgement } from './futures.ts';
import { keepIn } from './guardrails/keep-in.ts';
import { type KeepOut, keepOut } from './guardrails/keep-out.ts';
import { known } from './guardrails/known.ts';
import { probeSpecs } from './guardrails/visited.ts';
import type { Imagination } from './imagination.ts';
import { openInterpreter } from './interpreter.ts';
import { pastOf } from './past.ts';
import { HORIZON, type PlanShape } from './planner.ts';

export type ImaginationOptions = {
  /** Candidates judged at a time, `S`, at most. */
  readonly samples?: number;
  /** Candidates that are proposed together with what they lead to, `P`, and judged by that: none unless given. */
  readonly proposals?: number;
  /** Blocks looked ahead, `H`. */
  readonly horizon?: number;
  /** What futures are judged by, e.g. `{ critic: 1, effort: 0.1 }`; `auto` is what the checkpoint says, else the critic where there is one. */
  readonly cost?: CostChoice;
  /** Discs of the picture that no plan may lead into, whatever it costs; needs a checkpoint that knows where latents are. */
  readonly keepOut?: readonly KeepOut[];
  /** No plan may lead nearer to the edges of the picture, sides of it; 0: any may. As the checkpoint says unless given, or any. */
  readonly keepIn?: number;
  /**
   * No step of a plan may be one that the checkpoint's ensemble disagrees about more than this, whatever it costs; `auto` is what 1 % of
   * nominal moments exceed.
   */
  readonly maxSpread?: number | 'auto';
  /** The most that any number of an action may change from one control step to the next, in the robot's units. */
  readonly maxRate?: number;
};

/** Kept away besides, sides of the picture. */
const MARGIN = 0.04;
/** Futures drawn for pictures at a time. */
const PICTURED = 32;

/** Opens a checkpoint for planning: what it sees, and what it makes of candidate futures. Shapes as in `Imagination`. */
export async function openImagination(
  engine: Engine,
  checkpoint: Checkpoint,
  options: ImaginationOptions = {},
): Promise<Imagination> {
  const { config, params } = checkpoint;
  const { samples = 64, proposals = 0, horizon = HORIZON, cost = 'auto' } = options;
  const model = buildModel(config);
  const shape = planShape(config, horizon, options.maxRate);
  const embedder = await createEmbedder(engine, model.encoder, 1, params);
  let weights = costWeights(cost, model, config);
  const costs = costTerms(weights, model, config);
  const guardrails = guardrailsOf(options, model, config);
  const judges = await fitting([samples], shape, (room) =>
    compiled(engine, checkpoint, model, shape, room, { costs, guardrails }),
  );
  const foreseen =
    proposals > 0
      ? await compiled(engine, checkpoint, model, shape, proposals, { costs, guardrails, foreseen: true })
      : undefined;
  let steep: ReturnType<typeof compiled> | undefined; // compiled for whoever asks for slopes
  const next = await compiled(engine, checkpoint, model, { ...shape, horizon: 1 }, 1);
  // One alone: a plan, and a proposal that had to be changed. Many: pictures.
  const pictured = await fitting([1, PICTURED], shape, (room) => compiled(engine, checkpoint, model, shape, room));
  const interpreter = await openInterpreter(engine, checkpoint);
  const { mean, std } = config.action;

  return {
    shape,
    contextLength: model.predictor.contextLength,
    ...(config.view && { view: inOneView(config.view, config.imageSize) }),
    pictureSize: config.imageSize,
    normalise: (action) => Float32Array.from(action, (value, i) => (value - mean[i]!) / std[i]!),
    denormalise: (action) => Array.from(action, (value, i) => value * std[i]! + mean[i]!),
    see: async (frame) => await embedder.embed(requireSize(frame, config.imageSize).data),
    score(context, goal) {
      const now = weights; // to the end of a thought
      const weighed = Float32Array.from(Object.values(now));
      return Object.assign(
        async (candidates: Float32Array) =>
          ranked((await judges.run(context, candidates, { goal, costWeights: weighed })).costs!, now),
        {
          ...(foreseen && {
            foreseen: async (candidates: Float32Array, latents: Float32Array) =>
              ranked((await foreseen.run(context, candidates, { goal, costWeights: weighed, latents })).costs!, now),
          }),
          slopes: async (candidates: Float32Array) => {
            steep ??= compiled(engine, checkpoint, model, shape, samples, { costs, guardrails, slopes: true });
            const found = await (await steep).run(context, candidates, { goal, costWeights: weighed });
            return { costs: found.costs!, slopes: found.slopes! };
          },
        },
      );
    },
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
    expect: async (context, block) => (await next.run(context, block)).latents!,
    imagine: async (context, blocks) => (await pictured.run(context, blocks)).latents!,
    ...(config.planning?.refinements && { refinements: config.planning.refinements }),
    distance: (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0),
    ...(config.calibration && {
      nominalSurprise: config.calibration.surprise.threshold,
      novelty: ({ data }, latent) =>
        Math.max(
          fromNearest(params.landmarks!, latent) / config.calibration!.novelty.latent,
          fromNearest(params.thumbnails!, thumbnail(data, config.imageSize)) / config.calibration!.novelty.picture,
        ),
    }),
    ...(params.landmarks &&
      params.thumbnails && {
        recall: (latent: Float32Array) => {
          const { at } = nearestOf(params.landmarks!, latent);
          return pictureOf(params.thumbnails!.subarray(at * THUMBNAIL, (at + 1) * THUMBNAIL));
        },
      }),
    ...(config.probe
      ? {
          locate: (latent) =>
            readOut({ weights: params['probe.w']!, bias: params['probe.b']! }, latent) as [number, number],
        }
      : {}),
    ...(interpreter && { understand: interpreter.understand, say: interpreter.say }),
    async dispose() {
      await embedder.dispose();
      await interpreter?.dispose();
      await judges.dispose();
      await foreseen?.dispose();
      await (await steep)?.dispose();
      await next.dispose();
      await pictured.dispose();
    },
  };
}

/** How plans for this model are made up: sizes, timing, and the legal range of normalised actions. */
export function planShape({ frameskip, periodMs, action }: ModelConfig, horizon: number, maxRate?: number): PlanShape {
  const scaled = (values: readonly number[]) => values.map((value, i) => (value - action.mean[i]!) / action.std[i]!);
  return {
    horizon,
    frameskip,
    actionSize: action.mean.length,
    periodMs,
    low: scaled(action.low),
    high: scaled(action.high),
    ...(maxRate !== undefined && { rate: action.std.map((std) => maxRate / std) }),
  };
}

function guardrailsOf(
  { keepOut: discs = [], keepIn: given, maxSpread }: Pick<ImaginationOptions, 'keepOut' | 'keepIn' | 'maxSpread'>,
  { ensemble, encoder }: Model,
  { probe, calibration, planning }: ModelConfig,
): Record<string, Guardrail> {
  const margin = given ?? planning?.keepIn ?? 0;
  if ((discs.length > 0 || margin > 0) && !probe)
    throw new UsageError(
      `${discs.length > 0 ? 'keep-out' : 'keep-in'} needs a checkpoint that knows where things are in the picture`,
      {
        hint: 'train it on a task of the simulator, whose episodes say so',
      },
    );
  const limit = maxSpread === 'auto' ? calibration?.spread?.threshold : maxSpread;
  if (maxSpread !== undefined && !ensemble)
    throw new UsageError('a limit of spread needs a checkpoint with an ensemble', {
      hint: 'train with --ensemble-steps',
    });
  if (maxSpread !== undefined && limit === undefined)
    throw new UsageError('a limit of spread is auto, and the checkpoint does not say which', { hint: 'give a number' });
  const place = probeSpecs(encoder.latentDim);
  return {
    ...(discs.length > 0 && { keepOut: reading(place, keepOut(discs, MARGIN)) }),
    ...(margin > 0 && { keepIn: reading(place, keepIn(margin)) }),
    ...(ensemble && limit !== undefined && { known: known(ensemble, limit) }),
  };
}

/** Futures compiled for an engine, with the weights of a checkpoint. */
async function compiled(
  engine: Engine,
  { config, params }: Checkpoint,
  model: Model,
  shape: PlanShape,
  samples: number,
  judgement?: Judgement,
) {
  const { fn, specs } = futures(model, config, shape, samples, judgement);
  const program = await engine.compile(fn, specs, { constants: params });
  const blockSize = shape.frameskip * shape.actionSize;
  const past = { length: model.predictor.contextLength, dim: model.encoder.latentDim, blockSize };
  return {
    run: (context: Context, candidates: Float32Array, judgedBy: Inputs = {}) =>
      program.run({ ...pastOf(context, past), candidates, ...judgedBy }),
    dispose: () => program.dispose(),
  };
}

type Compiled = Awaited<ReturnType<typeof compiled>>;

/** Compiled for batches of several sizes: as many futures as there are, up to the greatest, by the smallest that has room for them. */
async function fitting(
  sizes: readonly number[],
  { horizon, frameskip, actionSize }: PlanShape,
  compile: (room: number) => Promise<Compiled>,
): Promise<Compiled> {
  const most = Math.max(...sizes);
  const rooms = [...new Set(sizes)].sort((a, b) => a - b);
  const programs = await Promise.all(rooms.map(async (room) => ({ room, ...(await compile(room)) })));
  const size = horizon * frameskip * actionSize;
  return {
    async run(context, candidates, judgedBy) {
      const count = candidates.length / size;
      const fit = programs.find(({ room }) => count <= room);
      if (!fit) throw new RangeError(`candidates must be ${most} at most, got ${count}`);
      const full = new Float32Array(fit.room * size);
      full.set(candidates);
      const found = await fit.run(context, full, judgedBy);
      return Object.fromEntries(
        Object.entries(found).map(([name, rows]) => [name, rows.subarray(0, (rows.length / fit.room) * count)]),
      );
    },
    async dispose() {
      for (const { dispose } of programs) await dispose();
    },
  };
}

/** Costs that can be ranked. Throws `PremotorError` where not one is a number. */
function ranked(costs: Float32Array, weights: CostWeights): Float32Array {
  if (costs.some((cost) => !Number.isNaN(cost))) return costs;
  throw new PremotorError(
    `costs must be numbers, got NaN for every imagined future (${Object.keys(weights).join(', ')})`,
    {
      hint: 'look at the checkpoint and at costs of your own: premotor eval shows both offline',
    },
  );
}
