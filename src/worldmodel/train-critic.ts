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

/** Learns the temporal distance from pairs of moments of the same episode, on latents that no longer change. */
export function trainCritic(
  engine: Engine,
  frozen: Frozen,
  config: ModelConfig,
  options: CriticOptions,
  hooks?: HeadHooks,
): Promise<Record<string, Float32Array>> {
  const { critic } = buildModel(config);
  if (!critic) throw new RangeError('config must name a critic');
  const { batch, expectile, farthest, toEnd = 0, noise } = options;
  const inputs = { from: [batch, frozen.dim], to: [batch, frozen.dim], blocks: [batch] };
  const span = (random: Random) => ({ farthest, toEnd: toEnd > 0 && random.uniform() < toEnd });
  const head = { params: critic.params, inputs, loss: criticLoss(critic, expectile) };
  return trainHead(
    engine,
    'critic',
    head,
    options,
    (random) => {
      const pairs = Array.from({ length: batch }, () => frozen.draw(random, span(random)));
      const { from, to } = endsOf(frozen, pairs);
      const seen = noise > 0 ? from.map((value) => value + noise * random.normal()) : from;
      return { from: seen, to, blocks: Float32Array.from(pairs, ({ blocks }) => blocks) };
    },
    hooks,
  );
}
