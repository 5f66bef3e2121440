import type { Random } from '../random.ts';
import { rank, refit } from './elites.ts';
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
    return {
      timeMs: plan.timeMs,
      before: plan.before,
      ...refit(candidates, best, plan.mean.length, stdMin),
      cost: costs[best[0]!]!,
    };
  };
}
