import type { Random } from '../random.ts';
import { rank, refit } from './elites.ts';
import type { Plan, Planner, PlanShape } from './planner.ts';
import { propose } from './propose.ts';

export type MppiOptions = {
  readonly samples?: number;
  /** Only so many of the cheapest weigh in. */
  readonly elites?: number;
  /** In spreads of the elites' costs: small listens to the best alone. */
  readonly temperature?: number;
  readonly stdMin?: number;
};

/**
 * Model predictive path integral control: candidates weigh in by `exp(-cost / temperature)` (Williams et al., arXiv 1509.01149).
 * Costs are taken in spreads of the elites', so that no temperature must be found for a model; the spread is refitted with the
 * same weights, without which it never comes to the bottom of a bowl.
 */
export function mppi(
  shape: PlanShape,
  { samples = 64, elites = 32, temperature = 0.5, stdMin = 0.05 }: MppiOptions = {},
): Planner {
  const heard = Math.min(elites, samples);
  if (!(temperature > 0)) throw new RangeError(`temperature must be above 0, got ${temperature}`);
  if (heard < 2) throw new RangeError(`elites must be at least 2, got ${heard}`);

  return async (plan: Plan, score, random: Random) => {
    const candidates = propose(plan, shape, samples, random);
    const costs = await score(candidates);
    const best = rank(costs)
      .slice(0, heard)
      .filter((k, i) => i === 0 || Number.isFinite(costs[k]));
    const least = costs[best[0]!]!;
    const spread = Math.sqrt(best.reduce((sum, k) => sum + (costs[k]! - least) ** 2, 0) / best.length) || 1;
    const raw = best.map((k) => Math.exp(-(costs[k]! - least) / (temperature * spread)));
    const total = raw.reduce((a, b) => a + b);
    const weights = raw.map((value) => (Number.isFinite(total) ? value / total : 1 / best.length));
    return {
      timeMs: plan.timeMs,
      before: plan.before,
      ...refit(candidates, best, plan.mean.length, stdMin, weights),
      cost: least,
    };
  };
}
