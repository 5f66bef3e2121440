import type { Engine } from '../compute/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Random, seeded } from '../random.ts';
import type { AuxiliaryShape } from './auxiliaries/auxiliary.ts';
import { auxiliaries } from './auxiliaries.ts';
import { actionScale, clipSampler, meanPicture, splitEpisodes } from './clips.ts';
import { createEmbedder, embedMoments, type Moment, momentsOf } from './embed.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { type Health, health } from './monitor.ts';
import { objective } from './objective.ts';
import { explained, fitProbe } from './probe.ts';
import { regularizers } from './regularizers.ts';
import { drawDirections } from './sigreg.ts';
import { cosineRate, createTrainer, type TrainerOptions, type TrainerState } from './trainer.ts';

export type TrainOptions = {
  readonly steps: number;
  readonly seed: number;
  readonly regularizer: string;
  readonly regularizerWeight?: number;
  /** Weights of auxiliaries, by name. */
  readonly auxiliaries: Readonly<Record<string, number>>;
  /** Frames per clip and clips per batch. */
  readonly clip: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly directions: number;
  /** Steps between looks at held-out latents, and between saved training states. */
  readonly monitorEvery: number;
  readonly saveEvery: number;
};

export const trainDefaults: TrainOptions = {
  steps: 2400,
  seed: 1,
  regularizer: 'sigreg',
  auxiliaries: {},
  clip: 4,
  batch: 64,
  learningRate: 1e-3,
  weightDecay: 1e-3,
  directions: 256,
  monitorEvery: 200,
  saveEvery: 200,
};

/** One line of `metrics.jsonl`. */
export type Progress = {
  readonly step: number;
  readonly steps: number;
  readonly frames: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly health?: Health;
  /** Share of the variance of the true position that a linear probe reads off held-out latents. */
  readonly probe?: readonly number[];
  /** The same for every number of every thing's state. */
  readonly objects?: Readonly<Record<string, readonly number[]>>;
};

export type TrainHooks = {
  readonly onProgress?: (progress: Progress) => void;
  /** Called with everything needed to go on from here. */
  readonly onState?: (step: number, state: TrainerState) => void;
  readonly signal?: AbortSignal;
  /** True state -> place in the picture, `[0, 1]^2`; for the probe only, and no probe without. */
  readonly locate?: (state: Float64Array) => readonly [x: number, y: number];
  /** True state -> the states of things by name; for probes only. */
  readonly objects?: (state: Float64Array) => Readonly<Record<string, readonly number[]>>;
};

/** Everything about the data that the model needs and that is not learnt. */
export function describeData(dataset: Dataset) {
  const { train } = splitEpisodes(dataset.episodes);
  return { action: actionScale(dataset, train), pixelMean: meanPicture(dataset, train), trainEpisodes: train };
}

/** The compiled part of training: also what the benchmark measures. */
export function worldModelTrainer(config: ModelConfig, options: TrainOptions): TrainerOptions {
  const { encoder, predictor } = buildModel(config);
  const { clip, batch } = options;
  const make = regularizers[options.regularizer];
  if (!make)
    throw new RangeError(
      `regularizer must be one of ${Object.keys(regularizers).join(', ')}, got ${options.regularizer}`,
    );
  const regularizer = make(options.regularizerWeight === undefined ? {} : { weight: options.regularizerWeight });
  const { imageSize } = config;
  const blockSize = config.frameskip * config.action.mean.length;
  const shape = { latentDim: encoder.latentDim, blockSize, clip };
  const further = Object.fromEntries(
    Object.entries(options.auxiliaries).map(([name, weight]) => [name, { weight, auxiliary: made(name, shape) }]),
  );
  return {
    params: Object.assign(
      { ...encoder.params, ...predictor.params },
      ...Object.values(further).map(({ auxiliary }) => auxiliary.params),
    ),
    inputs: {
      pixels: { shape: [clip * batch, imageSize, imageSize, 3], dtype: 'uint8' },
      pixelMean: [imageSize, imageSize, 3],
      blocks: [(clip - 1) * batch, blockSize],
      directions: [encoder.latentDim, options.directions],
    },
    loss: objective({ encoder, predictor, regularizer, auxiliaries: further, clip, batch }),
    weightDecay: options.weightDecay,
  };
}

function made(name: string, shape: AuxiliaryShape) {
  const make = auxiliaries[name];
  if (make) return make(shape);
  throw new RangeError(`auxiliary must be one of ${Object.keys(auxiliaries).join(', ')}, got ${name}`);
}

/**
 * Learns encoder and predictor from recorded episodes, from pixels, end to end. Every step draws from its own numbered
 * source of chance, so a run resumed from `resume` gives the same weights as one that was never cut off.
 */
export async function trainWorldModel(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  pixelMean: Float32Array,
  options: TrainOptions,
  { onProgress, onState, signal, locate, objects }: TrainHooks,
  resume?: { readonly step: number; readonly state: TrainerState },
): Promise<Record<string, Float32Array>> {
  const random = seeded(options.seed);
  const { train } = splitEpisodes(dataset.episodes);
  const { steps, learningRate, clip, batch } = options;
  const trainer = await createTrainer(engine, random.fork('weights'), worldModelTrainer(config, options));
  const sample = clipSampler(dataset, train, config.action, { clip, batch, frameskip: config.frameskip });
  const watch = await createWatch(engine, dataset, config, pixelMean, { locate, objects });
  const inputsOf = (step: number) => {
    const source = random.fork(`step ${step}`);
    const clips = sample(source);
    return { ...clips, directions: drawDirections(config.encoder.latentDim, options.directions, source) };
  };

  try {
    if (resume) trainer.load(resume.state);
    const first = (resume?.step ?? 0) + 1;
    let inputs = inputsOf(first);
    for (let step = first; step <= steps; step++) {
      if (signal?.aborted) {
        if (step > first) onState?.(step - 1, await trainer.state()); // nothing learnt is lost
        signal.throwIfAborted();
      }
      const rate = cosineRate(step, { peak: learningRate, steps, warmup: Math.min(200, Math.ceil(steps / 10)) });
      const running = trainer.step(step, rate, step === first ? { ...inputs, pixelMean } : inputs);
      if (step < steps) inputs = inputsOf(step + 1); // drawn while the engine works
      const losses = await running;
      if (!Number.isFinite(losses.total)) throw new RangeError(`the loss became ${losses.total} at step ${step}`);
      const looked =
        step % options.monitorEvery === 0 || step === steps ? await watch.look(await trainer.weights(), step) : {};
      onProgress?.({ step, steps, frames: step * clip * batch, losses, learningRate: rate, ...looked });
      if (step % options.saveEvery === 0 || step === steps) onState?.(step, await trainer.state());
    }
    return { ...(await trainer.weights()), pixelMean };
  } finally {
    await trainer.dispose();
    await watch.dispose();
  }
}

/** Judges latents of held-out episodes: health of the cloud, and whether the true position can be read off it. */
async function createWatch(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  pixelMean: Float32Array,
  { locate, objects }: Readable,
) {
  const { encoder } = buildModel(config);
  const { train } = splitEpisodes(dataset.episodes);
  const embedder = await createEmbedder(engine, encoder, 256);
  const chosen = spread(momentsOf(dataset, train, dataset.episodes), 2048);
  const truth = truthOf(dataset, chosen, { locate, objects });
  const half = Math.floor(chosen.length / 2);
  const dim = encoder.latentDim;
  return {
    async look(
      weights: Readonly<Record<string, Float32Array>>,
      step: number,
    ): Promise<Pick<Progress, 'health' | 'probe' | 'objects'>> {
      embedder.load({ ...weights, pixelMean });
      const latents = await embedMoments(embedder, dataset, chosen, dim);
      const read = ({ values, width }: Truth) =>
        explained(
          fitProbe(latents.subarray(0, half * dim), values.subarray(0, half * width), dim),
          latents.subarray(half * dim),
          values.subarray(half * width),
        );
      const { place, things } = truth;
      return {
        health: health(shuffled(latents, dim, seeded(step)), dim, seeded(step)),
        ...(place && { probe: read(place) }),
        ...(things && {
          objects: Object.fromEntries(Object.entries(things).map(([name, each]) => [name, read(each)])),
        }),
      };
    },
    dispose: () => embedder.dispose(),
  };
}

type Readable = { readonly [Name in 'locate' | 'objects']: TrainHooks[Name] };
/** What probes are fitted to: `width` numbers a moment. */
type Truth = { readonly values: Float32Array; readonly width: number };

function truthOf(dataset: Dataset, chosen: readonly Moment[], { locate, objects }: Readable) {
  const things = objects && chosen.map(({ episode, step }) => objects(dataset.state(episode, step)));
  const gathered = (name: string): Truth => ({
    values: Float32Array.from(things!.flatMap((each) => each[name]!)),
    width: things![0]![name]!.length,
  });
  return {
    place: locate && { values: placesOf(dataset, chosen, locate), width: 2 },
    things: things && Object.fromEntries(Object.keys(things[0]!).map((name) => [name, gathered(name)])),
  };
}

/** True places of moments, `[count, 2]`. */
export function placesOf(
  dataset: Dataset,
  chosen: readonly Moment[],
  locate: NonNullable<TrainHooks['locate']>,
): Float32Array {
  return Float32Array.from(chosen.flatMap(({ episode, step }) => locate(dataset.state(episode, step))));
}

/** At most `count` of a list, evenly spread. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!);
}

/** Rows in another order, so that a group of 128 is not one episode. */
function shuffled(rows: Float32Array, dim: number, random: Random): Float32Array {
  const count = rows.length / dim;
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const result = new Float32Array(rows.length);
  order.forEach((from, to) => {
    result.set(rows.subarray(from * dim, (from + 1) * dim), to * dim);
  });
  return result;
}
