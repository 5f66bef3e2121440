import { expect, test } from 'vitest';
import type { Thought } from '../../src/agent/deliberate.ts';
import { sketch } from '../../src/agent/sketch.ts';
import { blankPlan } from '../../src/planner/planner.ts';
import { dotImagination } from '../support/dot.ts';

const imagination = dotImagination();
const plan = { ...blankPlan(imagination.shape, 0), cost: 1 };
/** Forty candidates: the i-th goes right at i / 40 of the greatest speed, and costs the less. */
const candidates = Float32Array.from({ length: 40 * 12 }, (_, i) => (i % 2 === 0 ? (2 * Math.floor(i / 12)) / 40 : 0));
const thought: Thought = {
  plan,
  context: { timeMs: 0, latents: [Float32Array.of(0.25, 0.5)], blocks: [] },
  goal: Float32Array.of(1, 0.5),
  elapsedMs: 1,
  refinements: 1,
  costs: [1],
  scored: { candidates, costs: Float32Array.from({ length: 40 }, (_, i) => 40 - i) },
};

test('draws the cheapest, some of the others, and the plan, each from here on', async () => {
  const paths = await sketch(imagination, thought, { candidates: 10, elites: 4 });
  expect(paths!.elites).toHaveLength(4);
  expect(paths!.candidates).toHaveLength(9);
  expect(paths!.best).toEqual([0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5]);
  const ends = paths!.elites.map((path) => path.at(-2)!);
  expect(ends[0]).toBeCloseTo(0.25 + (39 / 40) * 0.3, 5);
  expect([...ends].sort((a, b) => b - a)).toEqual(ends);
});

test('draws nothing where the model cannot tell places, or nothing was looked at', async () => {
  const { locate: _, ...blind } = imagination;
  expect(await sketch(blind, thought)).toBeUndefined();
  expect(await sketch(imagination, { ...thought, scored: undefined })).toBeUndefined();
});
