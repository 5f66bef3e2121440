import { expect, it } from 'vitest';
import { actionAt, advance, blankPlan } from '../../src/planner/planner.ts';
import { shape } from '../contracts/planner.contract.ts';

const counting = { ...blankPlan(shape, 100), mean: Float32Array.from({ length: 12 }, (_, i) => i / 20) };

it('plays the action of the moment, not the next in a queue', () => {
  expect(actionAt(counting, 100, shape)).toEqual(Float32Array.of(0, 1 / 20));
  expect(actionAt(counting, 199, shape)).toEqual(counting.mean.slice(2, 4));
  expect(actionAt(counting, 200, shape)).toEqual(counting.mean.slice(4, 6));
});

it('has nothing to play before it begins and after it has run out', () => {
  expect(actionAt(counting, 99, shape)).toBeUndefined();
  expect(actionAt(counting, 399, shape)).toEqual(counting.mean.slice(10, 12));
  expect(actionAt(counting, 400, shape)).toBeUndefined();
});

it('advances by control steps: what is past drops off, the end is blank, the spread opens up', () => {
  const later = advance({ ...counting, std: new Float32Array(12).fill(0.1) }, 150, shape);
  expect(later.timeMs).toBe(150);
  expect(later.mean.slice(0, 10)).toEqual(counting.mean.slice(2));
  expect(later.mean.slice(10)).toEqual(Float32Array.of(0, 0));
  expect(later.std).toEqual(new Float32Array(12).fill(1));
});

it('remembers the action done just before it', () => {
  expect(advance(counting, 150, shape).before).toEqual(counting.mean.slice(0, 2));
  expect(advance({ ...counting, before: Float32Array.of(3, 4) }, 100, shape).before).toEqual(Float32Array.of(3, 4));
  expect(advance(counting, 5000, shape).before).toEqual(counting.mean.slice(10));
});

it('knows until when it is to be carried out', () => {
  expect(advance({ ...counting, untilMs: 300 }, 150, shape).untilMs).toBe(300);
  expect(advance(counting, 150, shape).untilMs).toBeUndefined();
});

it('forgets a plan that is wholly past', () => {
  expect(advance(counting, 5000, shape).mean).toEqual(new Float32Array(12));
});
