import { UsageError } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import type { Model, ModelConfig } from '../worldmodel/model.ts';
import type { Cost } from './cost.ts';
import { effort } from './costs/effort.ts';
import { goalDistance } from './costs/goal-distance.ts';
import { smoothness } from './costs/smoothness.ts';
import { spread } from './costs/spread.ts';
import { temporalDistance } from './costs/temporal-distance.ts';

/** Weights of costs by name. */
export type CostWeights = Readonly<Record<string, number>>;
/** A recipe's name, or the weights themselves. */
export type CostChoice = string | CostWeights;

/** The terms that a plan can be judged by; `critic`, `arrival` and `spread` where the checkpoint has what they need. */
const terms: Readonly<Record<string, (model: Model, config: ModelConfig) => Cost | undefined>> = {
  last: () => goalDistance('last'),
  sum: () => goalDistance('sum'),
  critic: ({ critic }) => critic && temporalDistance(critic, 'sum'),
  arrival: ({ critic }) => critic && temporalDistance(critic, 'arrival'),
  spread: ({ ensemble }) => ensemble && spread(ensemble),
  effort: (_, { action }) => effort(action),
  smoothness: (_, { action }) => smoothness(action),
};
export const costNames = Object.keys(terms);

const aCritic = { part: 'critic', name: 'a critic', hint: 'choose sum, or train with --critic-steps' } as const;
const anEnsemble = { part: 'ensemble', name: 'an ensemble', hint: 'train with --ensemble-steps' } as const;
/** What some terms need of a checkpoint. */
const needs: Readonly<Record<string, typeof aCritic | typeof anEnsemble>> = {
  critic: aCritic,
  arrival: aCritic,
  spread: anEnsemble,
};

/** Squared latent distance, beside the critic's sum. */
const BESIDE = 0.02;
const recipes: Readonly<Record<string, CostWeights>> = {
  last: { last: 1 },
  sum: { sum: 1 },
  critic: { critic: 1, sum: BESIDE },
  arrival: { arrival: 1 },
};
export const recipeNames = ['auto', ...Object.keys(recipes)];

/**
 * The weights that are meant. `auto` is what the checkpoint says is best, else the critic where there is one. Throws `UsageError` for
 * what nobody knows or is not there.
 */
export function costWeights(
  choice: CostChoice,
  model: { readonly critic?: unknown; readonly ensemble?: unknown },
  { planning }: Pick<ModelConfig, 'planning'> = {},
): CostWeights {
  const told = choice === 'auto' ? (planning?.cost ?? 'auto') : choice;
  const name = told === 'auto' ? (model.critic ? 'critic' : 'sum') : told;
  if (typeof name === 'string') oneOf('cost', name, recipeNames);
  const weights = typeof name === 'string' ? recipes[name]! : name;
  for (const [term, weight] of Object.entries(weights)) {
    oneOf('cost', term, costNames);
    if (!Number.isFinite(weight)) throw new UsageError(`the weight of cost ${term} must be a number, got ${weight}`);
    const need = needs[term];
    if (need && !model[need.part])
      throw new UsageError(`cost ${term} needs a checkpoint with ${need.name}`, { hint: need.hint });
  }
  return weights;
}

/** The terms of some weights, in their order. */
export const costTerms = (weights: CostWeights, model: Model, config: ModelConfig): Record<string, Cost> =>
  Object.fromEntries(Object.keys(weights).map((name) => [name, terms[name]!(model, config)!]));
