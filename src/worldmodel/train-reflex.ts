import type { Engine } from '../compute/engine.ts';
import type { Frozen } from './frozen.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { reflexLoss } from './reflex.ts';
import { blocksOf, endsOf, type HeadHooks, type HeadOptions, trainHead } from './train-head.ts';

export type ReflexTraining = HeadOptions & {
  /** The goals it learns from are at most so many blocks away. */
  readonly farthest: number;
};

export const reflexDefaults: ReflexTraining = { steps: 8000, batch: 512, learningRate: 1e-3, farthest: 10, seed: 1 };

/** Learns, from pairs of moments of the same episode, what was done at the first to get to the second. */
export function trainReflex(
  engine: Engine,
  frozen: Frozen,
  config: ModelConfig,
  options: ReflexTraining,
  hooks?: HeadHooks,
): Promise<Record<string, Float32Array>> {
  const { reflex } = buildModel(config);
  if (!reflex) throw new RangeError('config must name a reflex');
  const { batch, farthest } = options;
  const { dim } = frozen;
  const size = config.frameskip * config.action.mean.length;
  const inputs = { from: [batch, dim], to: [batch, dim], remaining: [batch, 1], block: [batch, size] };
  const head = { params: reflex.params, inputs, loss: reflexLoss(reflex) };
  return trainHead(
    engine,
    'reflex',
    head,
    options,
    (random) => {
      const pairs = Array.from({ length: batch }, () => frozen.draw(random, { farthest, atLeast: frozen.ahead }));
      const block = blocksOf(frozen, pairs);
      return { ...endsOf(frozen, pairs), remaining: Float32Array.from(pairs, ({ blocks }) => blocks), block };
    },
    hooks,
  );
}
