import type { Random } from '../random.ts';
import { rank } from './elites.ts';
import type { Plan, Planner, PlanShape } from './planner.ts';
import { legal, propose } from './propose.ts';

export type GradientOptions = {
  readonly samples?: number;
  /** Of Adam, in normalised actions. */
  readonly learningRate?: number;
};

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * Follows the cost's slope through the imagined future, for all candidates at once: a step of Adam (arXiv 1412.6980) a
 * refinement, kept legal. Candidates and moments stay in the plan's memory, so the next refinement goes on. Needs a `Score` that tells slopes.
 */
export function gradient(shape: PlanShape, { samples = 64, learningRate = 0.1 }: GradientOptions = {}): Planner {
  if (samples < 1) throw new RangeError(`samples must be at least 1, got ${samples}`);
  if (!(learningRate > 0)) throw new RangeError(`learningRate must be above 0, got ${learningRate}`);
  return async (plan: Plan, score, random: Random) => {
    if (!score.slopes) throw new TypeError('score must tell slopes for the gradient planner');
    const size = plan.mean.length;
    const [candidates, first, second, [done]] = remembered(plan, samples * size, () =>
      propose(plan, shape, samples, random),
    );
    const { costs, slopes } = await score.slopes(candidates);
    const step = done! + 1;
    const next = new Float32Array(candidates.length);
    for (let i = 0; i < next.length; i++) {
      const slope = Number.isFinite(slopes[i]) ? slopes[i]! : 0;
      first[i] = BETA1 * first[i]! + (1 - BETA1) * slope;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * slope ** 2;
      const [centre, spread] = [first[i]! / (1 - BETA1 ** step), second[i]! / (1 - BETA2 ** step)];
      next[i] = candidates[i]! - (learningRate * centre) / (Math.sqrt(spread) + EPSILON);
    }
    legal(next, shape, plan.before);
    const best = rank(costs)[0]!;
    return {
      ...plan,
      mean: next.slice(best * size, (best + 1) * size), // one step further than what was judged
      cost: costs[best]!,
      memory: [next, first, second, Float32Array.of(step)],
    };
  };
}

type Memory = readonly [candidates: Float32Array, first: Float32Array, second: Float32Array, done: Float32Array];

/** What the last refinement left, its own copy; new candidates where there is nothing. */
function remembered({ memory }: Plan, length: number, fresh: () => Float32Array): Memory {
  if (memory?.length === 4 && memory[0]!.length === length)
    return memory.map((each) => each.slice()) as unknown as Memory;
  return [fresh(), new Float32Array(length), new Float32Array(length), Float32Array.of(0)];
}
