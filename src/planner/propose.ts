import type { Random } from '../random.ts';
import type { Plan, PlanShape } from './planner.ts';

/** Puts every number of candidates `[S, H, B]` between the limits of its action. */
export function legal(candidates: Float32Array, { actionSize, low, high }: PlanShape): void {
  for (let i = 0; i < candidates.length; i++) {
    candidates[i] = Math.min(high[i % actionSize]!, Math.max(low[i % actionSize]!, candidates[i]!));
  }
}

/** Candidates drawn around a plan and kept legal: `[S, H, B]`. The first is the plan itself. */
export function propose(
  { mean, std }: Plan,
  { actionSize, low, high }: PlanShape,
  samples: number,
  random: Random,
): Float32Array {
  const size = mean.length;
  const candidates = new Float32Array(samples * size);
  for (let at = 0; at < candidates.length; at++) {
    const i = at % size;
    const drawn = at < size ? mean[i]! : mean[i]! + std[i]! * random.normal();
    candidates[at] = Math.min(high[i % actionSize]!, Math.max(low[i % actionSize]!, drawn));
  }
  return candidates;
}
