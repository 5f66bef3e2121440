import type { Engine } from '../compute/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import { seeded } from '../random.ts';
import { splitEpisodes } from './clips.ts';
import { criticLoss } from './critic.ts';
import { createEmbedder, embedMoments, momentsOf } from './embed.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { cosineRate, createTrainer } from './trainer.ts';

export type CriticOptions = {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Below 0.5: ask for what the quicker recordings needed. */
  readonly expectile: number;
  readonly seed: number;
};

export const criticDefaults: CriticOptions = { steps: 8000, batch: 512, learningRate: 1e-3, expectile: 0.1, seed: 1 };

/** Learns the temporal distance from pairs of moments of the same episode, on latents that no longer change. */
export async function trainCritic(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
  options: CriticOptions,
  { onProgress, signal }: { onProgress?: (step: number, loss: number) => void; signal?: AbortSignal } = {},
): Promise<Record<string, Float32Array>> {
  const { encoder, critic } = buildModel(config);
  if (!critic) throw new RangeError('config must name a critic');
  const random = seeded(options.seed).fork('critic');
  const { train } = splitEpisodes(dataset.episodes);
  const dim = encoder.latentDim;
  const embedder = await createEmbedder(engine, encoder, 256);
  embedder.load(params);
  const latents = await embedMoments(embedder, dataset, momentsOf(dataset, 0, train), dim);
  await embedder.dispose();

  const { batch, steps } = options;
  const trainer = await createTrainer(engine, random.fork('weights'), {
    params: critic.params,
    inputs: { from: [batch, dim], to: [batch, dim], blocks: [batch] },
    loss: criticLoss(critic, options.expectile),
  });
  const draw = pairSampler(dataset, train, config.frameskip);
  try {
    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const source = random.fork(`step ${step}`);
      const [from, to, blocks] = [
        new Float32Array(batch * dim),
        new Float32Array(batch * dim),
        new Float32Array(batch),
      ];
      for (let n = 0; n < batch; n++) {
        const pair = draw(source);
        from.set(latents.subarray(pair.from * dim, (pair.from + 1) * dim), n * dim);
        to.set(latents.subarray(pair.to * dim, (pair.to + 1) * dim), n * dim);
        blocks[n] = pair.blocks;
      }
      const rate = cosineRate(step, { peak: options.learningRate, steps, warmup: 100 });
      const { total } = await trainer.step(step, rate, { from, to, blocks });
      onProgress?.(step, total!);
    }
    return await trainer.weights();
  } finally {
    await trainer.dispose();
  }
}

/** Two moments of one episode, as row numbers of `momentsOf(dataset, 0, episodes)`, and the blocks between them. */
function pairSampler(dataset: Dataset, episodes: number, frameskip: number) {
  const every = dataset.meta.frameEvery;
  const counts = Array.from({ length: episodes }, (_, episode) => Math.floor(dataset.length(episode) / every) + 1);
  const starts: number[] = [];
  let total = 0;
  for (const count of counts) {
    starts.push(total);
    total += count;
  }
  return (random: { integer(count: number): number }) => {
    const episode = random.integer(episodes);
    const from = random.integer(counts[episode]!);
    const later = random.integer(counts[episode]! - from);
    return { from: starts[episode]! + from, to: starts[episode]! + from + later, blocks: (later * every) / frameskip };
  };
}
