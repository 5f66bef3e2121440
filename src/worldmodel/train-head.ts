import type { Engine, Inputs } from '../compute/engine.ts';
import type { Random } from '../random.ts';
import { seeded } from '../random.ts';
import type { Frozen, Pair } from './frozen.ts';
import { type LearnHooks, learn } from './learn.ts';
import { cosineRate, createTrainer, type TrainerOptions } from './trainer.ts';

export type HeadOptions = {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
};

export type HeadHooks = LearnHooks & {
  readonly onProgress?: (step: number, loss: number) => void;
};

const WARMUP = 100;

/** Learns something on top of frozen latents. Every step draws from its own numbered source of chance, under `name`. */
export async function trainHead(
  engine: Engine,
  name: string,
  head: TrainerOptions,
  { steps, learningRate, seed }: HeadOptions,
  draw: (random: Random) => Inputs | Promise<Inputs>,
  { onProgress, ...hooks }: HeadHooks = {},
): Promise<Record<string, Float32Array>> {
  const random = seeded(seed).fork(name);
  const trainer = await createTrainer(engine, random.fork('weights'), head);
  try {
    const rate = (step: number) => cosineRate(step, { peak: learningRate, steps, warmup: WARMUP });
    const drawn = (step: number) => draw(random.fork(`step ${step}`));
    const onStep = (step: number, { total }: Readonly<Record<string, number>>) => onProgress?.(step, total!);
    await learn(trainer, { of: name, steps, rate, draw: drawn, onStep }, hooks);
    return await trainer.weights();
  } finally {
    await trainer.dispose();
  }
}

/** Latents of both ends of pairs: `from` and `to`, `[N, D]`. */
export function endsOf({ latents, dim }: Frozen, pairs: readonly Pair[]): { from: Float32Array; to: Float32Array } {
  const gathered = (row: (pair: Pair) => number) => {
    const rows = new Float32Array(pairs.length * dim);
    for (const [n, pair] of pairs.entries()) {
      rows.set(latents.subarray(row(pair) * dim, (row(pair) + 1) * dim), n * dim);
    }
    return rows;
  };
  return { from: gathered(({ from }) => from), to: gathered(({ to }) => to) };
}

/** The normalised blocks that were done at the first moments of pairs, `[N, B]`. */
export function blocksOf(frozen: Frozen, pairs: readonly Pair[]): Float32Array {
  const each = pairs.map((pair) => frozen.block(pair));
  const size = each[0]!.length;
  const blocks = new Float32Array(pairs.length * size);
  for (const [n, block] of each.entries()) blocks.set(block, n * size);
  return blocks;
}
