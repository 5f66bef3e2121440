import type { Random } from '../random.ts';
import { rank, refit } from './elites.ts';
import type { Plan, Planner, PlanShape } from './planner.ts';
import { legal } from './propose.ts';

export type IcemOptions = {
  readonly samples?: number;
  readonly elites?: number;
  /** Elites that are candidates again in the next refinement. */
  readonly kept?: number;
  /** Colour of the noise along the horizon: 0 is white, 2 changes slowly. */
  readonly beta?: number;
  /** Share of the old mean and spread that stays. */
  readonly momentum?: number;
  readonly stdMin?: number;
};

/** The sample-efficient cross-entropy method: coloured noise, elites kept from one refinement to the next. Pinneri et al., arXiv 2008.06389. */
export function icem(
  shape: PlanShape,
  { samples = 64, elites = 8, kept = 3, beta = 2, momentum = 0.1, stdMin = 0.05 }: IcemOptions = {},
): Planner {
  if (elites > samples) throw new RangeError(`elites must be at most samples (${samples}), got ${elites}`);
  if (elites < 2) throw new RangeError(`elites must be at least 2, got ${elites}`);
  if (!(kept >= 0 && kept <= elites)) throw new RangeError(`kept must be in 0..${elites}, got ${kept}`);
  const noise = colouredNoise(shape.horizon * shape.frameskip, shape.actionSize, beta);

  return async (plan: Plan, score, random: Random) => {
    const size = plan.mean.length;
    const candidates = new Float32Array(samples * size);
    candidates.set(plan.mean);
    const old = plan.memory?.[0]?.subarray(0, (samples - 1) * size) ?? new Float32Array();
    candidates.set(old, size);
    for (let s = 1 + old.length / size; s < samples; s++) {
      const drawn = noise(random);
      for (let i = 0; i < size; i++) candidates[s * size + i] = plan.mean[i]! + plan.std[i]! * drawn[i]!;
    }
    legal(candidates, shape, plan.before);
    const costs = await score(candidates);
    const best = rank(costs).slice(0, elites);
    const { mean, std } = refit(candidates, best, size, stdMin);
    const mixed = (before: Float32Array, now: Float32Array) =>
      now.map((value, i) => momentum * before[i]! + (1 - momentum) * value);
    const memory = new Float32Array(kept * size);
    for (const [i, k] of best.slice(0, kept).entries()) {
      memory.set(candidates.subarray(k * size, (k + 1) * size), i * size);
    }
    return {
      timeMs: plan.timeMs,
      before: plan.before,
      mean: mixed(plan.mean, mean),
      std: mixed(plan.std, std),
      cost: costs[best[0]!]!,
      memory: [memory],
    };
  };
}

/**
 * Draws sequences of `steps` vectors of `width` whose spectrum falls with the frequency to the power `-beta`, of unit spread;
 * the constant part is as strong as the slowest wave.
 */
export function colouredNoise(steps: number, width: number, beta: number): (random: Random) => Float32Array {
  const waves = Math.floor(steps / 2);
  const strength = Array.from({ length: waves + 1 }, (_, k) => Math.max(1, k) ** (-beta / 2));
  const total = Math.sqrt(strength.reduce((sum, value) => sum + value ** 2, 0));
  return (random) => {
    const drawn = new Float32Array(steps * width);
    for (let axis = 0; axis < width; axis++) {
      for (let k = 0; k <= waves; k++) {
        const [a, b] = [random.normal(), random.normal()].map((value) => (value * strength[k]!) / total) as [
          number,
          number,
        ];
        for (let t = 0; t < steps; t++) {
          const angle = (2 * Math.PI * k * t) / steps;
          drawn[t * width + axis]! += a * Math.cos(angle) + b * Math.sin(angle);
        }
      }
    }
    return drawn;
  };
}
