import { expect, it } from 'vitest';
import { cem } from '../../src/planner/cem.ts';
import { rank } from '../../src/planner/elites.ts';
import { itPlans, shape } from '../contracts/planner.contract.ts';

itPlans('cem', (of) => cem(of));

it('refuses more elites than samples', () => {
  expect(() => cem(shape, { samples: 8, elites: 9 })).toThrow('elites must be at most samples (8), got 9');
  expect(() => cem(shape, { elites: 1 })).toThrow('elites must be at least 2, got 1');
});

it('ranks what is not a number last', () => {
  expect(rank(Float32Array.of(3, Number.NaN, 1, Number.POSITIVE_INFINITY, 2)).slice(0, 3)).toEqual([2, 4, 0]);
});
