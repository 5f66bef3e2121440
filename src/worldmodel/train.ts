import type { Engine, Inputs } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Dataset } from '../data/dataset.ts';
import { normalisePixels } from '../perception/preprocess.ts';
import { type Random, seeded } from '../random.ts';
import { auxiliaries } from './auxiliaries.ts';
import { actionScale, clipSampler, meanPicture, splitEpisodes } from './clips.ts';
import { type Features, latentClips } from './frozen.ts';
import { type LearnHooks, learn, type Standing } from './learn.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { objectives } from './objectives.ts';
import { pixelNoise } from './pixel-noise.ts';
import { drawDirections } from './sigreg.ts';
import { cosineRate, createTrainer, type TrainerOptions } from './trainer.ts';
import { createWatch, type Look, type Readable } from './watch.ts';

export type TrainOptions = {
  readonly steps: number;
  readonly seed: number;
  /** What is learnt by, and how much its term against collapse weighs, where it has one. */
  readonly objective: string;
  readonly objectiveWeight?: number;
  /** Weights of auxiliaries, by name. */
  readonly auxiliaries: Readonly<Record<string, number>>;
  /** The most noise on pictures, grey levels; 0: none. */
  readonly pixelNoise: number;
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
  objective: 'sigreg',
  auxiliaries: {},
  pixelNoise: 0,
  clip: 4,
  batch: 64,
  learningRate: 1e-3,
  weightDecay: 1e-3,
  directions: 256,
  monitorEvery: 200,
  saveEvery: 200,
};

/** One line of `metrics.jsonl`. */
export type Progress = Partial<Look> & {
  readonly step: number;
  readonly steps: number;
  readonly frames: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
};

export type TrainHooks = Readable &
  Pick<LearnHooks, 'onState' | 'signal'> & {
    readonly onProgress?: (progress: Progress) => void;
  };

/** Everything about the data that the model needs and that is not learnt. */
export function describeData(dataset: Dataset) {
  const { train } = splitEpisodes(dataset.episodes);
  return { action: actionScale(dataset, train), pixelMean: meanPicture(dataset, train), trainEpisodes: train };
}

/** Pictures that nobody looks at: latents of a frozen encoder are learnt on by prediction alone. */
const NONE = () => tf.zeros([1, 1, 1, 3]) as tf.Tensor4D;

/** The compiled part of training: also what the benchmark measures. */
export function worldModelTrainer(config: ModelConfig, options: TrainOptions): TrainerOptions {
  const { encoder, predictor } = buildModel(config);
  const { clip, batch } = options;
  const { imageSize } = config;
  const blockSize = config.frameskip * config.action.mean.length;
  const shape = { latentDim: encoder.latentDim, blockSize, clip, imageSize, predictor };
  const weight = options.objectiveWeight;
  const objective = named('objective', objectives, encoder.frozen ? 'none' : options.objective)(
    shape,
    encoder,
    weight === undefined ? {} : { weight },
  );
  const further = Object.entries(options.auxiliaries).map(
    ([name, weight]) => [name, weight, named('auxiliary', auxiliaries, name)(shape)] as const,
  );
  if (clip <= predictor.contextLength) {
    throw new RangeError(`clip must be above the context length (${predictor.contextLength}), got ${clip}`);
  }
  return {
    params: Object.assign(
      { ...(!encoder.frozen && encoder.params), ...predictor.params, ...objective.params },
      ...further.map(([, , { params }]) => params),
    ),
    ...(objective.followers && { followers: objective.followers }),
    inputs: {
      ...(encoder.frozen
        ? { latents: [clip * batch, encoder.latentDim] }
        : {
            pixels: { shape: [clip * batch, imageSize, imageSize, 3], dtype: 'uint8' as const },
            pixelMean: [imageSize, imageSize, 3],
          }),
      blocks: [(clip - 1) * batch, blockSize],
      directions: [encoder.latentDim, options.directions],
    },
    loss: (params, inputs) => {
      const pixels = encoder.frozen ? NONE() : normalisePixels(inputs.pixels!, inputs.pixelMean!);
      const latents = encoder.frozen ? (inputs.latents as tf.Tensor2D) : encoder.encode(params, pixels);
      const view = { encoder, predictor, params, inputs, pixels, latents, clip, batch };
      const { total, ...terms } = objective.loss(view);
      const clips = { latents, blocks: inputs.blocks as tf.Tensor2D, clip, batch };
      const extra = further.map(([name, weight, { loss }]) => [name, weight, loss(params, clips)] as const);
      return {
        total: extra.reduce<tf.Scalar>((sum, [, weight, term]) => tf.add(sum, tf.mul(term, weight)), total),
        ...terms,
        ...Object.fromEntries(extra.map(([name, , term]) => [name, term])),
      };
    },
    weightDecay: options.weightDecay,
  };
}

/** Clips of pictures, by `options` with noise on half of them. */
function pixelClips(dataset: Dataset, episodes: number, config: ModelConfig, options: TrainOptions) {
  const { seed, clip, batch, pixelNoise: most } = options;
  const sample = clipSampler(dataset, episodes, config.action, { clip, batch, frameskip: config.frameskip });
  const shake = most > 0 ? pixelNoise(seeded(seed).fork('pixel noise'), most) : undefined;
  return (source: Random): Inputs => {
    const clips = sample(source);
    shake?.(clips.pixels, { clip, batch }, source.fork('pixel noise'));
    return clips;
  };
}

/** The one of that name. Throws `RangeError` with those there are. */
function named<Of>(kind: string, known: Readonly<Record<string, Of>>, name: string): Of {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  throw new RangeError(`${kind} must be one of ${Object.keys(known).join(', ')}, got ${name}`);
}

/** What training need not begin without. */
type Given = {
  readonly resume?: Standing | undefined;
  readonly features?: Features | undefined;
  readonly start?: Readonly<Record<string, Float32Array>> | undefined;
};

/**
 * Learns encoder and predictor from recorded episodes, from pixels, end to end; the predictor alone on the `features` of a frozen
 * encoder. Weights begin with those of `start`, or are drawn. Every step draws from its own numbered source of chance, so a run resumed
 * from `resume` gives the same weights as one that was never cut off.
 */
export async function trainWorldModel(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  pixelMean: Float32Array,
  options: TrainOptions,
  { onProgress, onState, signal, ...readable }: TrainHooks,
  { resume, features, start }: Given = {},
): Promise<Record<string, Float32Array>> {
  const random = seeded(options.seed);
  const { train } = splitEpisodes(dataset.episodes);
  const { steps, learningRate, clip, batch } = options;
  const trainer = await createTrainer(engine, random.fork('weights'), {
    ...worldModelTrainer(config, options),
    start,
  });
  const draw = features
    ? latentClips(dataset, features.frozen, config, { clip, batch })
    : pixelClips(dataset, train, config, options);
  const unlearnt = { ...features?.params, pixelMean };
  const watch = await createWatch(engine, dataset, config, readable);
  const first = (resume?.step ?? 0) + 1;
  const lessons = {
    steps,
    rate: (step: number) =>
      cosineRate(step, { peak: learningRate, steps, warmup: Math.min(200, Math.ceil(steps / 10)) }),
    draw: (step: number) => {
      const source = random.fork(`step ${step}`);
      const inputs = {
        ...draw(source),
        directions: drawDirections(config.encoder.latentDim, options.directions, source),
      };
      return step === first && !features ? { ...inputs, pixelMean } : inputs;
    },
    onStep: async (step: number, losses: Progress['losses']) => {
      const looked =
        (step % options.monitorEvery === 0 && !features) || step === steps // features do not change
          ? await watch.look({ ...(await trainer.weights()), ...unlearnt }, step)
          : {};
      onProgress?.({ step, steps, frames: step * clip * batch, losses, learningRate: lessons.rate(step), ...looked });
    },
  };

  try {
    await learn(trainer, lessons, { resume, onState, saveEvery: options.saveEvery, signal });
    return { ...(await trainer.weights()), ...unlearnt };
  } finally {
    await trainer.dispose();
    await watch.dispose();
  }
}
