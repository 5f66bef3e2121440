import type { Engine } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Dataset } from '../data/dataset.ts';
import { THUMBNAIL, thumbnail } from '../perception/thumbnail.ts';
import { seeded } from '../random.ts';
import { normaliseActions, splitEpisodes } from './clips.ts';
import { createEmbedder, embedMoments, type Moment, momentsOf } from './embed.ts';
import { disagreement } from './ensemble.ts';
import type { Frozen } from './frozen.ts';
import { buildModel, type ModelConfig, shapesOf } from './model.ts';
import { spread } from './watch.ts';

/** What is nominal, judged by held-out episodes. */
export type Calibration = NonNullable<ModelConfig['calibration']>;

/** False alarms: per episode, per goal by each of its two looks, and per moment. */
const [ALARMS, STRANGE, DOUBTFUL] = [0.05, 0.005, 0.01];
/** Landmarks: remembered latents, drawn from the training episodes. */
export const LANDMARKS = 512;
/** Held-out moments judged at a time, and goals judged at most. */
const [BATCH, GOALS] = [256, 4096];

/** Moments from everywhere in the training episodes: their latents `landmarks` `[LANDMARKS, D]`, and `thumbnails` of their pictures. */
export function drawLandmarks(
  dataset: Dataset,
  { latents, dim }: Frozen,
  seed: number,
): Record<'landmarks' | 'thumbnails', Float32Array> {
  const random = seeded(seed).fork('landmarks');
  const moments = momentsOf(dataset, 0, splitEpisodes(dataset.episodes).train);
  const landmarks = new Float32Array(LANDMARKS * dim);
  const thumbnails = new Float32Array(LANDMARKS * THUMBNAIL);
  const look = looker(dataset);
  for (let n = 0; n < LANDMARKS; n++) {
    const row = random.integer(moments.length);
    landmarks.set(latents.subarray(row * dim, (row + 1) * dim), n * dim);
    thumbnails.set(look(moments[row]!), n * THUMBNAIL);
  }
  return { landmarks, thumbnails };
}

/** Thumbnails of moments. */
function looker(dataset: Dataset) {
  const size = dataset.meta.width;
  const pixels = new Uint8Array(size * size * 3);
  return ({ episode, step }: Moment): Float32Array => {
    dataset.readFrame(episode, step, pixels, 0);
    return thumbnail(pixels, size);
  };
}

/** Judges surprise and novelty on the held-out episodes. `undefined` where they hold no full context. */
export async function calibrate(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
): Promise<Calibration | undefined> {
  const { encoder, predictor, ensemble } = buildModel(config);
  const { train } = splitEpisodes(dataset.episodes);
  const dim = encoder.latentDim;
  const moments = momentsOf(dataset, train, dataset.episodes);
  const embedder = await createEmbedder(engine, encoder, BATCH, params);
  const latents = await embedMoments(embedder, dataset, moments, dim).finally(() => embedder.dispose());

  const length = predictor.contextLength;
  const { frameskip } = config;
  const size = frameskip * config.action.mean.length;
  const rowOf = new Map(moments.map(({ episode, step }, row) => [`${episode}/${step}`, row]));
  const told = moments.flatMap(({ episode, step }, row) => {
    const rows = Array.from({ length }, (_, t) => rowOf.get(`${episode}/${step - (length - t) * frameskip}`));
    return rows.every((each) => each !== undefined) ? [{ episode, step, row, rows: rows as number[] }] : [];
  });
  if (told.length === 0) return undefined;

  const program = await engine.compile(
    (all) => {
      const newest = (name: string, width: number) =>
        tf.reshape(tf.slice(all[name]!, [0, length - 1, 0], [BATCH, 1, width]), [BATCH, width]) as tf.Tensor2D;
      return {
        next: predictor.predict(all, all.latents as tf.Tensor3D, all.blocks as tf.Tensor3D),
        ...(ensemble && { spread: disagreement(ensemble, all, newest('latents', dim), newest('blocks', size)) }),
      };
    },
    {
      ...shapesOf(predictor.params),
      ...(ensemble && shapesOf(ensemble.params)),
      latents: [BATCH, length, dim],
      blocks: [BATCH, length, size],
    },
    { constants: params },
  );
  const spreads: number[] = [];
  const worst = new Map<number, number>();
  try {
    for (let from = 0; from < told.length; from += BATCH) {
      const some = told.slice(from, from + BATCH);
      const seen = new Float32Array(BATCH * length * dim);
      const done = new Float32Array(BATCH * length * size);
      some.forEach(({ episode, step, rows }, n) => {
        rows.forEach((row, t) => {
          seen.set(latents.subarray(row * dim, (row + 1) * dim), (n * length + t) * dim);
          const began = step - (length - t) * frameskip;
          const actions = dataset.actions(episode, began, began + frameskip);
          done.set(normaliseActions(actions, config.action), (n * length + t) * size);
        });
      });
      const { next, spread: doubted } = await program.run({ latents: seen, blocks: done });
      if (doubted) spreads.push(...doubted.subarray(0, some.length));
      some.forEach(({ episode, row }, n) => {
        const far = distance(next!, n * dim, latents, row * dim, dim);
        worst.set(episode, Math.max(worst.get(episode) ?? 0, far));
      });
    }
  } finally {
    await program.dispose();
  }
  const goals = spread([...moments.keys()], GOALS);
  const look = looker(dataset);
  const strange = goals.map((row) => fromNearest(params.landmarks!, latents.subarray(row * dim, (row + 1) * dim)));
  const odd = goals.map((row) => fromNearest(params.thumbnails!, look(moments[row]!)));
  return {
    surprise: { threshold: toleranceBound([...worst.values()], ALARMS), alarms: ALARMS, episodes: worst.size },
    novelty: {
      latent: conformal(strange, STRANGE),
      picture: conformal(odd, STRANGE),
      alarms: 2 * STRANGE,
      moments: goals.length,
    },
    ...(ensemble && {
      spread: { threshold: conformal(spreads, DOUBTFUL), alarms: DOUBTFUL, moments: spreads.length },
    }),
  };
}

/**
 * The value that a new one, drawn like these, exceeds no more often than `alarms` (split conformal prediction, arXiv 2107.07511); the
 * largest, where there are too few to say.
 */
export function conformal(values: readonly number[], alarms: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil((values.length + 1) * (1 - alarms));
  return sorted[Math.min(rank, values.length) - 1]!;
}

/** How seldom a tolerance bound may be too low. */
const DOUBT = 0.05;

/**
 * The value that no more than `alarms` of all new ones exceed, said of these few with 95 % confidence, where `conformal` says it on average
 * (tolerance limits, Wilks, 1941; arXiv 1209.2673); the largest, where there are too few to say.
 */
export function toleranceBound(values: readonly number[], alarms: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const count = values.length;
  let above = 0; // how many of these may be above: had new ones more than `alarms`, so few would be seen with DOUBT or less
  let chance = (1 - alarms) ** count;
  for (let sum = chance; sum <= DOUBT && above < count - 1; sum += chance) {
    above++;
    chance *= ((count - above + 1) / above) * (alarms / (1 - alarms));
  }
  return sorted[count - Math.max(1, above)]!;
}

/** Squared distance of some numbers from the nearest of many rows of as many. */
export const fromNearest = (rows: Float32Array, numbers: Float32Array): number => nearestOf(rows, numbers).far;

/** The row that is nearest to some numbers, and its squared distance. */
export function nearestOf(rows: Float32Array, numbers: Float32Array): { readonly at: number; readonly far: number } {
  let [at, nearest] = [0, Number.POSITIVE_INFINITY];
  for (let from = 0; from < rows.length; from += numbers.length) {
    const far = distance(rows, from, numbers, 0, numbers.length);
    if (far < nearest) [at, nearest] = [from / numbers.length, far];
  }
  return { at, far: nearest };
}

function distance(a: Float32Array, from: number, b: Float32Array, at: number, dim: number): number {
  let sum = 0;
  for (let i = 0; i < dim; i++) sum += (a[from + i]! - b[at + i]!) ** 2;
  return sum;
}
