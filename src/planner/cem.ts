import type { Random } from '../random.ts';
import type { Plan, Planner, PlanShape } from './planner.ts';
import { propose } from './propose.ts';

export type CemOptions = {
  readonly samples?: number;
  readonly elites?: number;
  /** The spread never falls below this, so the planner never stops looking. */
  readonly stdMin?: number;
};

/** Cross-entropy method: refit the Gaussian to the elites (Rubinstein, 1999; as in LeWM, arXiv 2603.19312). */
export function cem(shape: PlanShape, { samples = 64, elites = 8, stdMin = 0.05 }: CemOptions = {}): Planner {
  if (elites > samples) throw new RangeError(`elites must be at most samples (${samples}), got ${elites}`);
  if (elites < 2) throw new RangeError(`elites must be at least 2, got ${elites}`);

  return async (plan: Plan, score, random: Random) => {
    const candidates = propose(plan, shape, samples, random);
    const costs = await score(candidates);
    const best = rank(costs).slice(0, elites);
    return { timeMs: plan.timeMs, ...refit(candidates, best, plan.mean.length, stdMin), cost: costs[best[0]!]! };
  };
}

/** Indices, cheapest first; a cost that is not a number counts as the dearest. */
export function rank(costs: Float32Array): number[] {
  const value = (i: number) => (Number.isNaN(costs[i]!) ? Number.POSITIVE_INFINITY : costs[i]!);
  return Array.from(costs.keys()).sort((a, b) => value(a) - value(b) || a - b);
}

/** Mean and spread (n - 1) of some candidates. */
function refit(candidates: Float32Array, chosen: readonly number[], size: number, stdMin: number) {
  const mean = new Float32Array(size);
  const std = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (const k of chosen) sum += candidates[k * size + i]!;
    const centre = sum / chosen.length;
    let squares = 0;
    for (const k of chosen) squares += (candidates[k * size + i]! - centre) ** 2;
    mean[i] = centre;
    std[i] = Math.max(stdMin, Math.sqrt(squares / (chosen.length - 1)));
  }
  return { mean, std };
}
