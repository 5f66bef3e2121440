import { expect, it } from 'vitest';
import { gradient } from '../../src/planner/gradient.ts';
import { blankPlan } from '../../src/planner/planner.ts';
import { seeded } from '../../src/random.ts';
import { bowl, itPlans, shape } from '../contracts/planner.contract.ts';

itPlans('gradient', (of) => gradient(of));

it('goes downhill by its own step, and on from where it was', async () => {
  const planner = gradient(shape, { samples: 1, learningRate: 0.05 });
  const random = seeded(1);
  const first = await planner(blankPlan(shape, 0), bowl(0.5), random);
  for (const value of first.mean) expect(value).toBeCloseTo(0.05, 3); // Adam's first step is of its rate
  const second = await planner(first, bowl(0.5), random);
  for (const value of second.mean) expect(value).toBeCloseTo(0.1, 2);
});

it('asks for slopes', async () => {
  const blind = async (candidates: Float32Array) => candidates;
  await expect(gradient(shape)(blankPlan(shape, 0), blind, seeded(1))).rejects.toThrow('score must tell slopes');
});
