import type { Engine } from '../compute/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Random } from '../random.ts';
import { blocksBetween, type ClipShape, normaliseActions, splitEpisodes, startSampler } from './clips.ts';
import { createEmbedder, embedMoments, type Moment, momentsOf } from './embed.ts';
import { buildModel, type ModelConfig } from './model.ts';

/** Two moments of one episode: rows of the latents, the blocks between them, and where the first one was recorded. */
export type Pair = {
  readonly from: number;
  readonly to: number;
  readonly blocks: number;
  readonly episode: number;
  readonly step: number;
};

/** Which pairs are meant. */
export type Span = {
  /** At most so many blocks apart; any number unless given. */
  readonly farthest?: number | undefined;
  /** At least so many stored frames apart; 0 unless given. */
  readonly atLeast?: number;
  /** Ending where the episode does: what a demonstration was for. */
  readonly toEnd?: boolean;
};

/** Latents of every moment of the training episodes, which no longer change, for what is learnt on top of them. */
export interface Frozen {
  readonly dim: number;
  /** `[count, D]`. */
  readonly latents: Float32Array;
  /** The row of a moment that has a frame. */
  row(moment: Moment): number;
  /** Stored frames that a block spans. */
  readonly ahead: number;
  /** A pair from anywhere in the data. */
  draw(random: Random, span?: Span): Pair;
  /** The normalised block that was done at a pair's first moment, `[B]`. */
  block(pair: Pair): Float32Array;
}

/** Episodes, and the latents of their pictures. */
export type Source = { readonly dataset: Dataset; readonly frozen: Frozen };

/** Latents of a frozen encoder, and the `encoder.mean` and `encoder.std` that they were brought to mean 0 and spread 1 by. */
export type Features = {
  readonly frozen: Frozen;
  readonly params: Record<'encoder.mean' | 'encoder.std', Float32Array>;
};

/** What a frozen encoder makes of the training episodes. */
export async function featuresOf(engine: Engine, dataset: Dataset, config: ModelConfig): Promise<Features> {
  const dim = config.encoder.latentDim;
  const raw = { 'encoder.mean': new Float32Array(dim), 'encoder.std': new Float32Array(dim).fill(1) };
  const frozen = await freeze(engine, dataset, config, raw);
  const { latents } = frozen;
  const count = latents.length / dim;
  const [sum, squares] = [new Float64Array(dim), new Float64Array(dim)];
  latents.forEach((value, i) => {
    sum[i % dim]! += value;
  });
  const mean = Float32Array.from(sum, (value) => value / count);
  latents.forEach((value, i) => {
    squares[i % dim]! += (value - mean[i % dim]!) ** 2;
  });
  const std = Float32Array.from(squares, (value) => Math.sqrt(value / count) || 1); // a number that never changes tells nothing
  latents.forEach((value, i) => {
    latents[i] = (value - mean[i % dim]!) / std[i % dim]!;
  });
  return { frozen, params: { 'encoder.mean': mean, 'encoder.std': std } };
}

export async function freeze(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
): Promise<Frozen> {
  const { encoder } = buildModel(config);
  const { train } = splitEpisodes(dataset.episodes);
  const embedder = await createEmbedder(engine, encoder, 256, params);
  const dim = encoder.latentDim;
  const latents = await embedMoments(embedder, dataset, momentsOf(dataset, 0, train), dim).finally(() =>
    embedder.dispose(),
  );
  const { frameskip, action } = config;
  const every = dataset.meta.frameEvery;
  const counts = Array.from({ length: train }, (_, episode) => Math.floor(dataset.length(episode) / every) + 1);
  const starts: number[] = [];
  let total = 0;
  for (const count of counts) {
    starts.push(total);
    total += count;
  }
  return {
    dim,
    latents,
    row: ({ episode, step }) => starts[episode]! + step / every,
    ahead: Math.ceil(frameskip / every),
    draw(random, { farthest = Number.POSITIVE_INFINITY, atLeast = 0, toEnd = false } = {}) {
      const most = Math.floor((farthest * frameskip) / every) + 1;
      for (;;) {
        const episode = random.integer(train);
        const count = counts[episode]!;
        if (count <= atLeast) continue;
        const apart = (frames: number) => atLeast + random.integer(Math.min(frames, most) - atLeast);
        const from = toEnd ? count - 1 - apart(count) : random.integer(count - atLeast);
        const later = toEnd ? count - 1 - from : apart(count - from);
        const row = starts[episode]! + from;
        return { from: row, to: row + later, blocks: (later * every) / frameskip, episode, step: from * every };
      }
    },
    block: ({ episode, step }) => normaliseActions(dataset.actions(episode, step, step + frameskip), action),
  };
}

/** Draws clips of latents that no longer change, time-major: `latents` `[C * N, D]`, `blocks` `[(C - 1) * N, B]`. */
export function latentClips(
  dataset: Dataset,
  { latents, dim, row }: Frozen,
  { frameskip, action }: ModelConfig,
  { clip, batch }: Pick<ClipShape, 'clip' | 'batch'>,
) {
  const shape = { clip, batch, frameskip };
  const starts = startSampler(dataset, splitEpisodes(dataset.episodes).train, shape);
  return (source: Random) => {
    const drawn = starts(source);
    const seen = new Float32Array(clip * batch * dim);
    for (let t = 0; t < clip; t++)
      for (const [n, { episode, step }] of drawn.entries()) {
        const at = row({ episode, step: step + t * frameskip });
        seen.set(latents.subarray(at * dim, (at + 1) * dim), (t * batch + n) * dim);
      }
    return { latents: seen, blocks: blocksBetween(dataset, drawn, action, shape) };
  };
}
