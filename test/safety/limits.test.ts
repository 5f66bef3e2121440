import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionSpec } from '../../src/drivers/driver.ts';
import { approach, atRest, clampAction, type Moving } from '../../src/safety/limits.ts';

const spec: ActionSpec = { low: [-1], high: [1], rest: [0], maxRate: [2], names: ['v'] };
/** The action after each of `times` steps of `dtMs` towards a wish. */
const run = (spec: ActionSpec, wish: number, dtMs: number, times: number) => {
  const values: number[] = [];
  let moving: Moving = atRest(spec);
  for (let i = 0; i < times; i++) {
    moving = approach([wish], moving, dtMs, spec);
    values.push(moving.action[0]!);
  }
  return values;
};

test('within the limits; near rest is rest; a minus zero is a zero', () => {
  const wide = { ...spec, low: [-1], high: [1], deadBand: [0.1] };
  expect(clampAction([5], wide)).toEqual([1]);
  expect(clampAction([-5], wide)).toEqual([-1]);
  expect(clampAction([0.1], wide)).toEqual([0]);
  expect(clampAction([-0.11], wide)).toEqual([-0.11]);
  expect(Object.is(clampAction([-0], spec)[0], 0)).toBe(true);
});

test('a rate: so much per second, and there exactly', () => {
  expect(run(spec, 0.5, 100, 4)).toEqual([0.2, 0.4, 0.5, 0.5]);
});

test('an acceleration: it sets off gently, slows in time, and does not pass', () => {
  const gentle = { ...spec, maxRate: [10], maxAcceleration: [8] };
  const values = run(gentle, 1, 50, 40);
  const speeds = values.map((value, i) => (value - (values[i - 1] ?? 0)) / 0.05);
  const gains = speeds.map((speed, i) => (speed - (speeds[i - 1] ?? 0)) / 0.05);
  expect(Math.max(...values)).toBeLessThanOrEqual(1);
  expect(values.at(-1)).toBeCloseTo(1, 3);
  expect(Math.max(...gains.map(Math.abs))).toBeLessThanOrEqual(8 + 1e-6);
});

describe('whatever is wished, whenever', () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const axis = fc.record({
    low: number(-5, 0),
    high: number(0, 5),
    rate: fc.oneof(number(0, 100), fc.constant(Number.POSITIVE_INFINITY)),
    acceleration: fc.oneof(number(0.01, 1000), fc.constant(Number.POSITIVE_INFINITY)),
  });
  const step = fc.record({
    wish: fc.double({ noNaN: true, noDefaultInfinity: true }),
    dtMs: fc.oneof(number(0, 300), fc.constant(0), fc.constant(-5)),
  });

  test('limits, rates and accelerations hold', () => {
    fc.assert(
      fc.property(axis, fc.array(step, { maxLength: 30 }), ({ low, high, rate, acceleration }, steps) => {
        const one = {
          low: [low],
          high: [high],
          rest: [0],
          maxRate: [rate],
          maxAcceleration: [acceleration],
          names: ['v'],
        };
        let moving = atRest(one);
        for (const { wish, dtMs } of steps) {
          const next = approach(clampAction([wish], one), moving, dtMs, one);
          const dt = Math.max(0, dtMs) / 1000;
          const [value, speed] = [next.action[0]!, next.speed[0]!];
          expect(value >= low && value <= high).toBe(true);
          if (rate < Number.POSITIVE_INFINITY)
            expect(Math.abs(value - moving.action[0]!)).toBeLessThanOrEqual(rate * dt * (1 + 1e-9) + 1e-12);
          if (acceleration < Number.POSITIVE_INFINITY)
            expect(Math.abs(speed - moving.speed[0]!)).toBeLessThanOrEqual(acceleration * dt * (1 + 1e-9) + 1e-9);
          moving = next;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
