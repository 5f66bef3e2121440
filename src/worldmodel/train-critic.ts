import type { Engine } from '../compute/engine.ts';
import type { Random } from '../random.ts';
import { criticLoss } from './critic.ts';
import type { Frozen } from './frozen.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { endsOf, type HeadHooks, type HeadOptions, trainHead } from './train-head.ts';

export type CriticOptions = HeadOptions & {
  /** Below 0.5: ask for what the quicker recordings needed. */
  readonly expectile: number;
  /** The pairs it learns from are at most so many blocks apart; any, unless given. */
  readonly farthest?: number | undefined;
  /** Share of the pairs that end where their episode does, where a demonstration was to end: 0 unless given. */
  readonly toEnd?: number | undefined;
  /** Share of the pairs that begin with a moment as it was imagined, some blocks before, and not as it was: 0 unless given. */
  readonly imagined?: number | undefined;
  /** Spread of the noise on the latents that pairs begin with, as imagined ones err; latents themselves have a spread of about 1. */
  readonly noise: number;
};

export const criticDefaults: CriticOptions = {
  steps: 8000,
  batch: 512,
  learningRate: 1e-3,
  expectile: 0.1,
  noise: 0,
  seed: 1,
};

/** What a critic learns from: latents, and the same moments as they were `imagined`, 1, 2, ... blocks before (see `imagine`). */
export type Shown = { readonly frozen: Frozen; readonly imagined?: readonly Float32Array[] | undefined };

/**
 * Learns the temporal distance from pairs of moments of the same episode, on latents that no longer change. Plans are judged by what is imagined,
 * and that errs in its own ways: what a critic makes of it is best learnt from it.
 */
export function trainCritic(
  engine: Engine,
  { frozen, imagined = [] }: Shown,
  config: ModelConfig,
  options: CriticOptions,
  hooks?: HeadHooks,
): Promise<Record<string, Float32Array>> {
  const { critic } = buildModel(config);
  if (!critic) throw new RangeError('config must name a critic');
  const { batch, expectile, farthest, toEnd = 0, imagined: share = 0, noise } = options;
  if (share > 0 && imagined.length === 0)
    throw new RangeError('to learn from what is imagined, imagined must be given');
  const { dim } = frozen;
  const inputs = { from: [batch, dim], to: [batch, dim], blocks: [batch] };
  const by = (random: Random, chance: number) => chance > 0 && random.uniform() < chance;
  const head = { params: critic.params, inputs, loss: criticLoss(critic, expectile) };
  return trainHead(
    engine,
    'critic',
    head,
    options,
    (random) => {
      const pairs = Array.from({ length: batch }, () => frozen.draw(random, { farthest, toEnd: by(random, toEnd) }));
      const { from, to } = endsOf(frozen, pairs);
      for (const [n, { from: row, step }] of pairs.entries()) {
        if (!by(random, share)) continue;
        const before = Math.min(1 + random.integer(imagined.length), Math.floor(step / config.frameskip));
        if (before > 0) from.set(imagined[before - 1]!.subarray(row * dim, (row + 1) * dim), n * dim);
      }
      const seen = noise > 0 ? from.map((value) => value + noise * random.normal()) : from;
      return { from: seen, to, blocks: Float32Array.from(pairs, ({ blocks }) => blocks) };
    },
    hooks,
  );
}
