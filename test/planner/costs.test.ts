import { expect, it } from 'vitest';
import { costWeights } from '../../src/planner/costs.ts';
import type { Critic } from '../../src/worldmodel/critic.ts';

const withCritic = { critic: {} as Critic };

it('asks the critic where there is one, and latent distance elsewhere', () => {
  expect(Object.keys(costWeights('auto', withCritic))).toEqual(['critic', 'sum']);
  expect(costWeights('arrival', withCritic)).toEqual({ arrival: 1 });
  expect(costWeights('auto', {})).toEqual({ sum: 1 });
  expect(costWeights('last', withCritic)).toEqual({ last: 1 });
  expect(costWeights({ last: 2, effort: 0.1 }, {})).toEqual({ last: 2, effort: 0.1 });
});

it('judges by what the checkpoint says is best, unless told', () => {
  expect(costWeights('auto', withCritic, { planning: { cost: 'sum' } })).toEqual({ sum: 1 });
  expect(costWeights('last', withCritic, { planning: { cost: { effort: 1 } } })).toEqual({ last: 1 });
});

it('refuses what nobody knows, what is not there, and what is no number', () => {
  expect(() => costWeights('sun', {})).toThrow('cost must be one of auto, last, sum, critic, arrival, got "sun"');
  expect(() => costWeights({ efort: 1 }, {})).toThrow(
    'cost must be one of last, sum, critic, arrival, spread, effort, smoothness, got "efort"',
  );
  expect(() => costWeights('critic', {})).toThrow('cost critic needs a checkpoint with a critic');
  expect(() => costWeights({ arrival: 1 }, {})).toThrow('cost arrival needs a checkpoint with a critic');
  expect(() => costWeights({ sum: 1, spread: 1 }, withCritic)).toThrow(
    'cost spread needs a checkpoint with an ensemble',
  );
  expect(() => costWeights({ sum: Number.NaN }, {})).toThrow('the weight of cost sum must be a number, got NaN');
});
