import type { Random } from '../random.ts';
import type { Plan, PlanShape } from './planner.ts';

/**
 * Puts every number of candidates `[S, H, B]` between the limits of its action and, where actions may change by so much at a time only,
 * near enough to the one before: the plan's `before` for the first.
 */
export function legal(candidates: Float32Array, shape: PlanShape, before?: Float32Array): void {
  const { actionSize, low, high, rate } = shape;
  const size = shape.horizon * shape.frameskip * actionSize;
  for (let i = 0; i < candidates.length; i++) {
    const axis = i % actionSize;
    let [least, most] = [low[axis]!, high[axis]!];
    const last = i % size < actionSize ? before?.[axis] : candidates[i - actionSize];
    if (rate && last !== undefined) {
      least = Math.min(most, Math.max(least, last - rate[axis]!));
      most = Math.max(least, Math.min(most, last + rate[axis]!));
    }
    candidates[i] = Math.min(most, Math.max(least, candidates[i]!));
  }
}

/** Candidates drawn around a plan and kept legal: `[S, H, B]`. The first is the plan itself. */
export function propose({ mean, std, before }: Plan, shape: PlanShape, samples: number, random: Random): Float32Array {
  const size = mean.length;
  const candidates = new Float32Array(samples * size);
  for (let at = 0; at < candidates.length; at++) {
    const i = at % size;
    candidates[at] = at < size ? mean[i]! : mean[i]! + std[i]! * random.normal();
  }
  legal(candidates, shape, before);
  return candidates;
}
