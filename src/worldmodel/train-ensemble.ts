import type { Engine } from '../compute/engine.ts';
import { ensembleLoss } from './ensemble.ts';
import type { Frozen } from './frozen.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { blocksOf, endsOf, type HeadHooks, type HeadOptions, trainHead } from './train-head.ts';

export const ensembleDefaults: HeadOptions = { steps: 0, batch: 512, learningRate: 1e-3, seed: 1 };

/** Learns the ensemble from latents one block apart; every member leaves out another half of each batch. */
export function trainEnsemble(
  engine: Engine,
  frozen: Frozen,
  config: ModelConfig,
  options: HeadOptions,
  hooks?: HeadHooks,
): Promise<Record<string, Float32Array>> {
  const { ensemble } = buildModel(config);
  if (!ensemble) throw new RangeError('config must name an ensemble');
  const { batch } = options;
  const { members } = ensemble;
  const { dim, ahead } = frozen;
  const size = config.frameskip * config.action.mean.length;
  const inputs = { from: [batch, dim], to: [batch, dim], block: [batch, size], shares: [members, batch] };
  const head = { params: ensemble.params, inputs, loss: ensembleLoss(ensemble) };
  return trainHead(
    engine,
    'ensemble',
    head,
    options,
    (random) => {
      const pairs = Array.from({ length: batch }, () => frozen.draw(random, { farthest: 1, atLeast: ahead }));
      const block = blocksOf(frozen, pairs);
      const shares = Float32Array.from({ length: members * batch }, () => (random.uniform() < 0.5 ? 1 : 0));
      return { ...endsOf(frozen, pairs), block, shares };
    },
    hooks,
  );
}
