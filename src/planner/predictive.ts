import type { Random } from '../random.ts';
import { worthwhile } from './elites.ts';
import type { Plan, Planner, PlanShape } from './planner.ts';
import { legal } from './propose.ts';

export type PredictiveOptions = { readonly samples?: number };

/** Candidates come at so many scales, each half of the one before: one spread would suit the beginning or the end only. */
const SCALES = 5;
/** Share of its cost that another must be better by than the plan. */
const STEADY = 0.05;

/** Predictive sampling: the best of some candidates around the plan, where it is worth a change, is the plan. Howell et al., arXiv 2212.00541. */
export function predictive(shape: PlanShape, { samples = 64 }: PredictiveOptions = {}): Planner {
  if (samples < 2) throw new RangeError(`samples must be at least 2, got ${samples}`);
  return async (plan: Plan, score, random: Random) => {
    const size = plan.mean.length;
    const candidates = new Float32Array(samples * size);
    for (let s = 0; s < samples; s++) {
      const scale = s === 0 ? 0 : 2 ** -(s % SCALES);
      for (let i = 0; i < size; i++) {
        candidates[s * size + i] = plan.mean[i]! + scale * plan.std[i]! * random.normal();
      }
    }
    legal(candidates, shape, plan.before);
    const costs = await score(candidates);
    const best = worthwhile(costs, STEADY);
    return { ...plan, mean: candidates.slice(best * size, (best + 1) * size), cost: costs[best]! };
  };
}
