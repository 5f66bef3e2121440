import { expect, it } from 'vitest';
import { colouredNoise, icem } from '../../src/planner/icem.ts';
import { advance, blankPlan } from '../../src/planner/planner.ts';
import { seeded } from '../../src/random.ts';
import { bowl, itPlans, shape, size } from '../contracts/planner.contract.ts';

itPlans('icem', (of) => icem(of));

it('draws noise of unit spread that changes slowly along the horizon, and white noise where asked', () => {
  const [steps, width] = [24, 2];
  const likeness = (beta: number) => {
    const random = seeded(1);
    const draw = colouredNoise(steps, width, beta);
    let [square, next] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const drawn = draw(random);
      for (let t = 0; t < steps - 1; t++) {
        square += drawn[t * width]! ** 2;
        next += drawn[t * width]! * drawn[(t + 1) * width]!;
      }
    }
    return { spread: Math.sqrt(square / (400 * (steps - 1))), likeness: next / square };
  };
  expect(likeness(2).spread).toBeCloseTo(1, 1);
  expect(likeness(0).spread).toBeCloseTo(1, 1);
  expect(likeness(2).likeness).toBeGreaterThan(0.8);
  expect(Math.abs(likeness(0).likeness)).toBeLessThan(0.15);
});

it('judges its best candidates again at the next refinement, moved on with the plan', async () => {
  const planner = icem(shape, { kept: 2 });
  const random = seeded(1);
  const first = await planner(blankPlan(shape, 0), bowl(0.5), random);
  const kept = first.memory![0]!;
  expect(kept).toHaveLength(2 * size);
  let seen = new Float32Array();
  const watched = async (candidates: Float32Array) => {
    seen = candidates.slice();
    return bowl(0.5)(candidates);
  };
  const second = await planner(first, watched, random);
  expect(seen.subarray(size, 3 * size)).toEqual(kept);
  expect(second.cost).toBeLessThanOrEqual(first.cost);
  const later = advance(first, shape.periodMs, shape).memory![0]!; // one action of two numbers is past
  expect(later.subarray(0, size - 2)).toEqual(kept.subarray(2, size));
  expect([...later.subarray(size - 2, size)]).toEqual([0, 0]);
});

it('refuses impossible counts', () => {
  expect(() => icem(shape, { samples: 8, elites: 9 })).toThrow('elites must be at most samples (8), got 9');
  expect(() => icem(shape, { elites: 4, kept: 5 })).toThrow('kept must be in 0..4, got 5');
});
