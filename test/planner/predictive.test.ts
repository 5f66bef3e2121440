import { expect, it } from 'vitest';
import { blankPlan } from '../../src/planner/planner.ts';
import { predictive } from '../../src/planner/predictive.ts';
import { seeded } from '../../src/random.ts';
import { bowl, itPlans, shape } from '../contracts/planner.contract.ts';

itPlans('predictive', (of) => predictive(of));

it('never gets worse, and keeps its spread', async () => {
  const planner = predictive(shape);
  const random = seeded(1);
  let plan = blankPlan(shape, 0);
  for (let i = 0; i < 10; i++) {
    const next = await planner(plan, bowl(0.5), random);
    expect(next.cost).toBeLessThanOrEqual(plan.cost);
    expect(next.std).toEqual(plan.std);
    plan = next;
  }
});
