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
  kept: false,
  refinements: 1,
  costs: [1],
  scored: { candidates, costs: Float32Array.from({ length: 40 }, (_, i) => 40 - i) },
};

test('draws the cheapest, some of the others, and the plan, each from here on', async () => {
  const { paths } = await sketch(imagination, thought, { candidates: 10, elites: 4 });
  expect(paths!.elites).toHaveLength(4);
  expect(paths!.candidates).toHaveLength(9);
  expect(paths!.best).toEqual([0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5]);
  const ends = paths!.elites.map((path) => path.at(-2)!);
  expect(ends[0]).toBeCloseTo(0.25 + (39 / 40) * 0.3, 5);
  expect([...ends].sort((a, b) => b - a)).toEqual(ends);
});

test('says how far from the goal the plan is imagined to be, block by block, and what its end looks like', async () => {
  const right = Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 2 : 0)); // at the greatest speed
  const recall = ([x]: Float32Array) => ({ width: 1, height: 1, data: Uint8Array.of(Math.round(x! * 100), 0, 0) });
  const { ahead, end } = await sketch({ ...imagination, recall }, { ...thought, plan: { ...plan, mean: right } });
  ahead.forEach((far, h) => {
    expect(far).toBeCloseTo(0.75 - 0.1 * (h + 1), 5);
  });
  expect(end!.data[0]).toBe(55);
});

test('says in words what is seen and what the plan ends in, where the model has any', async () => {
  const right = Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 2 : 0));
  const say = async (latents: readonly Float32Array[]) => latents.map(([x]) => `at ${x!.toFixed(2)}`);
  const { said } = await sketch({ ...imagination, say }, { ...thought, plan: { ...plan, mean: right } });
  expect(said).toEqual({ seen: 'at 0.25', end: 'at 0.55' });
  expect((await sketch(imagination, thought)).said).toBeUndefined();
});

test('draws no places where the model cannot tell them, and the plan alone where nothing else was looked at', async () => {
  const { locate: _, ...blind } = imagination;
  expect(await sketch(blind, thought)).toMatchObject({ paths: undefined, ahead: [0.75, 0.75, 0.75], end: undefined });
  const { paths } = await sketch(imagination, { ...thought, scored: undefined });
  expect(paths).toEqual({ candidates: [], elites: [], best: [0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5] });
});
