import { expect, it } from 'vitest';
import { mppi } from '../../src/planner/mppi.ts';
import { blankPlan, type Score } from '../../src/planner/planner.ts';
import { seeded } from '../../src/random.ts';
import { bowl, itPlans, shape } from '../contracts/planner.contract.ts';

itPlans('mppi', (of) => mppi(of));

it('gives the same plan whatever the unit of the costs', async () => {
  const scaled =
    (unit: number): Score =>
    async (candidates) =>
      (await bowl(0.5)(candidates)).map((cost) => cost * unit);
  const plan = async (unit: number) => (await mppi(shape)(blankPlan(shape, 0), scaled(unit), seeded(1))).mean;
  const [one, many] = [await plan(1), await plan(1024)];
  for (const [i, value] of many.entries()) expect(value).toBeCloseTo(one[i]!, 4);
});

it('listens to the best alone when it is cold', async () => {
  const cold = await mppi(shape, { temperature: 1e-3 })(blankPlan(shape, 0), bowl(0.5), seeded(1));
  const costs = await bowl(0.5)(cold.mean);
  expect(costs[0]).toBeCloseTo(cold.cost, 4);
});

it('refuses a temperature of 0', () => {
  expect(() => mppi(shape, { temperature: 0 })).toThrow('temperature must be above 0, got 0');
});
