import type { Engine } from '../compute/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Random, seeded } from '../random.ts';
import { splitEpisodes } from './clips.ts';
import { createLearningEmbedder, embedMoments, type Moment, momentsOf } from './embed.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { type Health, health } from './monitor.ts';
import { explained, fitProbe } from './probe.ts';

/** How true states are told in numbers that latents may hold; for probes only. */
export type Readable = {
  /** -> place in the picture, `[0, 1]^2`. */
  readonly locate?: (state: Float64Array) => readonly [x: number, y: number];
  /** -> the states of things by name. */
  readonly objects?: (state: Float64Array) => Readonly<Record<string, readonly number[]>>;
};

/** What held-out latents look like. */
export type Look = {
  readonly health: Health;
  /** Share of the variance of the true place, and of every number of every thing, that a linear probe reads off them. */
  readonly probe?: readonly number[];
  readonly objects?: Readonly<Record<string, readonly number[]>>;
};

/** Moments of the training episodes that probes are fitted to, and of held-out ones that they are judged by. */
const FITTED = 6144;
const JUDGED = 2048;

/** Judges latents of held-out episodes: health of the cloud, and what can be read off it. */
export async function createWatch(engine: Engine, dataset: Dataset, config: ModelConfig, readable: Readable) {
  const { encoder } = buildModel(config);
  const { train } = splitEpisodes(dataset.episodes);
  const embedder = await createLearningEmbedder(engine, encoder, 256);
  const known = spread(momentsOf(dataset, 0, train), FITTED);
  const held = spread(momentsOf(dataset, train, dataset.episodes), JUDGED);
  const [fitted, judged] = [truthOf(dataset, known, readable), truthOf(dataset, held, readable)];
  const dim = encoder.latentDim;
  return {
    async look(weights: Readonly<Record<string, Float32Array>>, step: number): Promise<Look> {
      embedder.load(weights);
      const latents = await embedMoments(embedder, dataset, held, dim);
      const healthy = health(shuffled(latents, dim, seeded(step)), dim, seeded(step));
      if (!fitted.place && !fitted.objects) return { health: healthy };
      const before = await embedMoments(embedder, dataset, known, dim);
      const read = (truth: Float32Array, asked: Float32Array) =>
        explained(fitProbe(before, truth, dim), latents, asked);
      const things = Object.entries(fitted.objects ?? {});
      return {
        health: healthy,
        ...(fitted.place && { probe: read(fitted.place, judged.place!) }),
        ...(fitted.objects && {
          objects: Object.fromEntries(things.map(([name, truth]) => [name, read(truth, judged.objects![name]!)])),
        }),
      };
    },
    dispose: () => embedder.dispose(),
  };
}

/** What probes are fitted to: numbers of moments, one after the other. */
function truthOf(dataset: Dataset, moments: readonly Moment[], { locate, objects }: Readable) {
  const things = objects && moments.map(({ episode, step }) => objects(dataset.state(episode, step)));
  return {
    place: locate && placesOf(dataset, moments, locate),
    objects:
      things &&
      Object.fromEntries(
        Object.keys(things[0]!).map((name) => [name, Float32Array.from(things.flatMap((each) => each[name]!))]),
      ),
  };
}

/** True places of moments, `[count, 2]`. */
export function placesOf(
  dataset: Dataset,
  moments: readonly Moment[],
  locate: NonNullable<Readable['locate']>,
): Float32Array {
  return Float32Array.from(moments.flatMap(({ episode, step }) => locate(dataset.state(episode, step))));
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
