import type { Engine } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Dataset } from '../data/dataset.ts';
import { normalisePixels } from '../perception/preprocess.ts';
import { type Random, seeded } from '../random.ts';
import { splitEpisodes } from './clips.ts';
import { createEmbedder, createLearningEmbedder, type Moment, momentsOf, picturesAt } from './embed.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { pixelNoise } from './pixel-noise.ts';
import { recolour } from './recolour.ts';
import { type HeadHooks, type HeadOptions, trainHead } from './train-head.ts';
import type { TrainerOptions } from './trainer.ts';

export type Hardening = HeadOptions & {
  /** The most noise on half of the pictures, standard deviation in grey levels. */
  readonly noise: number;
  /** How far the colours of half of the pictures may go, 0..1. */
  readonly colours: number;
};

export const hardenDefaults: Hardening = {
  steps: 3000,
  batch: 128,
  learningRate: 1e-3,
  noise: 40,
  colours: 1,
  seed: 1,
};

/** Mean squared difference from the latents of clean pictures before, of held-out moments: a latent's number has a spread of about 1. */
export type Hardness = { readonly clean: number; readonly noise: number; readonly colours: number };

/** What hardening makes: the encoder's new weights, and how hard it was before and is after. */
export type Hardened = {
  readonly params: Record<string, Float32Array>;
  readonly before: Hardness;
  readonly after: Hardness;
};

/** Held-out moments that are looked at, and the noise they are looked at through, grey levels. */
const [LOOKED, NOISE] = [512, 25.5];

/**
 * Learns on with the encoder alone: of a picture with noise, in another light and with other paint it shall make what it made of the picture
 * as it was, so that predictor, critic and reflex stay as they are. Distillation (arXiv 1503.02531) of a teacher who sees better.
 */
export async function hardenEncoder(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
  options: Hardening,
  hooks?: HeadHooks,
): Promise<Hardened> {
  const { encoder } = buildModel(config);
  if (encoder.frozen) throw new RangeError('a pretrained encoder stays as it is: it cannot be hardened');
  const { batch, seed, noise, colours } = options;
  const { imageSize, latentDim } = encoder;
  const pixelMean = params.pixelMean!;
  const head: TrainerOptions = {
    params: encoder.params,
    start: params,
    weightDecay: 0,
    inputs: {
      pixels: { shape: [batch, imageSize, imageSize, 3], dtype: 'uint8' },
      pixelMean: [imageSize, imageSize, 3],
      wanted: [batch, latentDim],
    },
    loss: (weights, { pixels, pixelMean: mean, wanted }) => ({
      total: tf.mean(
        tf.squaredDifference(encoder.encode(weights, normalisePixels(pixels!, mean!)), wanted!),
      ) as tf.Scalar,
    }),
  };
  const { train } = splitEpisodes(dataset.episodes);
  const moments = momentsOf(dataset, 0, train);
  const shake = pixelNoise(seeded(seed).fork('hardening noise'), noise);
  const teacher = await createEmbedder(engine, encoder, batch, params);
  const student = await createLearningEmbedder(engine, encoder, batch);
  try {
    const draw = async (random: Random) => {
      const pixels = picturesAt(dataset, drawn(moments, batch, random));
      const wanted = await teacher.embed(pixels);
      for (const picture of each(pixels, batch)) if (random.uniform() < 0.5) recolour(picture, colours, random);
      shake(pixels, { clip: 1, batch }, random);
      return { pixels, pixelMean, wanted };
    };
    const weights = await trainHead(engine, 'hardening', head, options, draw, hooks);

    const looks = looksAt(dataset, train, seed);
    const wanted = (await teacher.embed(looks.clean)).slice();
    const far = async (pixels: Uint8Array) =>
      (await student.embed(pixels)).reduce((sum, value, i) => sum + (value - wanted[i]!) ** 2, 0) / wanted.length;
    const hardness = async (weights: Readonly<Record<string, Float32Array>>): Promise<Hardness> => {
      student.load({ ...params, ...weights });
      return { clean: await far(looks.clean), noise: await far(looks.noise), colours: await far(looks.colours) };
    };
    return { params: weights, before: await hardness({}), after: await hardness(weights) };
  } finally {
    await teacher.dispose();
    await student.dispose();
  }
}

/** Held-out pictures, as they are and spoilt. */
function looksAt(dataset: Dataset, train: number, seed: number): Record<keyof Hardness, Uint8Array> {
  const random = seeded(seed).fork('hardness');
  const clean = picturesAt(dataset, drawn(momentsOf(dataset, train, dataset.episodes), LOOKED, random));
  const [noise, colours] = [clean.slice(), clean.slice()];
  const normals = random.normals(clean.length);
  for (const [i, value] of clean.entries()) noise[i] = Math.min(255, Math.max(0, value + NOISE * normals[i]!));
  for (const picture of each(colours, LOOKED)) recolour(picture, 1, random);
  return { clean, noise, colours };
}

const drawn = (moments: readonly Moment[], count: number, random: Random): Moment[] =>
  Array.from({ length: count }, () => moments[random.integer(moments.length)]!);

const each = (pixels: Uint8Array, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, n) =>
    pixels.subarray((n * pixels.length) / count, ((n + 1) * pixels.length) / count),
  );
