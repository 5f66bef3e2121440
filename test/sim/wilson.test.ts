import { expect, it } from 'vitest';
import { wilson } from '../../sim/wilson.ts';

it.each([
  [100, 100, 96.3, 100],
  [0, 100, 0, 3.7],
  [50, 100, 40.4, 59.6],
  [8, 10, 49.0, 94.3],
])('of %i in %i the rate is within %f and %f %', (successes, tries, low, high) => {
  const interval = wilson(successes, tries);
  expect(interval[0]).toBeCloseTo(low, 1);
  expect(interval[1]).toBeCloseTo(high, 1);
});

it('knows nothing without a try', () => expect(wilson(0, 0)).toEqual([0, 100]));
