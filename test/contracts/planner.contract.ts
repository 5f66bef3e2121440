import { describe, expect, it } from 'vitest';
import { blankPlan, type Plan, type Planner, type PlanShape, type Score } from '../../src/planner/planner.ts';
import { seeded } from '../../src/random.ts';

export const shape: PlanShape = {
  horizon: 3,
  frameskip: 2,
  actionSize: 2,
  periodMs: 50,
  low: [-1.2, -0.8],
  high: [1.1, 0.9],
};
export const size = shape.horizon * shape.frameskip * shape.actionSize;

/** The cost of candidates around a target, `[S, H, B]` -> `[S]`. */
export const bowl = (target: number): Score => {
  const costs = (candidates: Float32Array) =>
    Float32Array.from({ length: candidates.length / size }, (_, s) =>
      candidates.subarray(s * size, (s + 1) * size).reduce((sum, value) => sum + (value - target) ** 2, 0),
    );
  return Object.assign(async (candidates: Float32Array) => costs(candidates), {
    slopes: async (candidates: Float32Array) => ({
      costs: costs(candidates),
      slopes: candidates.map((value) => 2 * (value - target)),
    }),
  });
};

/** What every planner owes its caller. */
export function itPlans(name: string, make: (shape: PlanShape) => Planner) {
  describe(`${name} as a Planner`, () => {
    const refine = async (times: number, seed: number, score: Score = bowl(0.5)) => {
      const planner = make(shape);
      const random = seeded(seed);
      let plan = blankPlan(shape, 70);
      for (let i = 0; i < times; i++) plan = await planner(plan, score, random);
      return plan;
    };
    const price = ({ mean }: Plan) => mean.reduce((sum, value) => sum + (value - 0.5) ** 2, 0);

    it('makes a plan ten times cheaper in a dozen refinements', async () => {
      expect(price(await refine(12, 1))).toBeLessThan(price(blankPlan(shape, 0)) / 10);
    });
    it('gives the same plan for the same seed, another for another', async () => {
      expect(await refine(2, 7)).toEqual(await refine(2, 7));
      expect(await refine(2, 7)).not.toEqual(await refine(2, 8));
    });
    it('keeps every action legal, also where the best one is not', async () => {
      const { mean } = await refine(8, 3, bowl(5));
      mean.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(shape.low[i % 2]! - 1e-6);
        expect(value).toBeLessThanOrEqual(shape.high[i % 2]! + 1e-6);
      });
      expect(mean[0]).toBeGreaterThan(0.9); // and goes there, as far as it may or nearly
    });
    it('changes no action faster than it may, also from the one before the plan', async () => {
      const slow = { ...shape, rate: [0.1, 0.3] };
      const planner = make(slow);
      const random = seeded(4);
      let plan: Plan = { ...blankPlan(slow, 0), before: Float32Array.of(-0.5, 0.2) };
      for (let i = 0; i < 8; i++) plan = await planner(plan, bowl(0.8), random);
      const actions = [...plan.before!, ...plan.mean];
      for (let i = 2; i < actions.length; i++) {
        expect(Math.abs(actions[i]! - actions[i - 2]!)).toBeLessThan(slow.rate[i % 2]! + 1e-5);
      }
      expect(actions.at(-2)! - actions[0]!).toBeGreaterThan(0.2); // and goes there all the same
    });
    it('begins when the plan before it began, and keeps its size', async () => {
      const plan = await refine(1, 1);
      expect(plan.timeMs).toBe(70);
      expect(plan.mean.length).toBe(size);
      expect(plan.std.length).toBe(size);
    });
    it('stays finite where every second cost is not a number', async () => {
      const spoilt = (values: Float32Array, each: number) =>
        values.map((value, i) => (Math.floor(i / each) % 2 ? Number.NaN : value));
      const whole = bowl(0.5);
      const broken: Score = Object.assign(async (candidates: Float32Array) => spoilt(await whole(candidates), 1), {
        slopes: async (candidates: Float32Array) => {
          const { costs, slopes } = await whole.slopes!(candidates);
          return { costs: spoilt(costs, 1), slopes: spoilt(slopes, size) };
        },
      });
      expect((await refine(5, 2, broken)).mean.every(Number.isFinite)).toBe(true);
    });
  });
}
