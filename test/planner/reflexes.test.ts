import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { openImagination } from '../../src/planner/open-imagination.ts';
import { blankPlan } from '../../src/planner/planner.ts';
import { openReflexes, proposalsOf, type Reflexes, reflexStart } from '../../src/planner/reflexes.ts';
import { seeded } from '../../src/random.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

const config = tinyConfig({ contextLength: 2, reflex: true });
const [horizon, size] = [3, 3 * 10];
let engine: Engine;
let reflexes: Reflexes;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
  const params = tinyParams(config);
  params['reflex.time0.w'] = seeded(3).normals(params['reflex.time0.w']!.length); // it begins as no difference
  reflexes = (await openReflexes(engine, { config, params, hash: '' }, horizon))!;
});
afterAll(async () => {
  await reflexes.dispose();
  await engine.dispose();
});
const random = seeded(1);
const plan = new Float32Array(size).fill(0.1);
const context = { timeMs: 0, latents: [random.normals(6), random.normals(6)], blocks: [random.normals(10)] };

it('proposes legal futures, other ones for other goals and for more time', async () => {
  const [{ blocks: one }, { blocks: another }] = [
    await reflexes.propose(context, random.normals(6), plan),
    await reflexes.propose(context, random.normals(6), plan),
  ];
  expect(one.length).toBe(6 * size);
  expect(proposalsOf(config)).toBe(6);
  expect(one.subarray(0, size)).toEqual(plan);
  expect(one).not.toEqual(another);
  expect(one.subarray(size, 2 * size)).not.toEqual(one.subarray(2 * size, 3 * size));
  const { mean, std, low, high } = config.action;
  one.forEach((value, i) => {
    const raw = value * std[i % 2]! + mean[i % 2]!;
    expect(raw).toBeGreaterThan(low[i % 2]! - 1e-5);
    expect(raw).toBeLessThan(high[i % 2]! + 1e-5);
  });
});

it('proposes a future for each of the three likeliest ways it tells apart, the likeliest first', async () => {
  const forked = { ...config, reflex: { ...config.reflex!, modes: 5 } };
  expect(proposalsOf(forked)).toBe(1 + 3 * 5);
  const begun = async (likely: readonly number[]) => {
    const params = tinyParams(forked);
    params['reflex.mode.w']!.fill(0);
    params['reflex.mode.b'] = Float32Array.from(likely);
    const opened = (await openReflexes(engine, { config: forked, params, hash: '' }, horizon))!;
    const { blocks: futures } = await opened.propose(context, wanted, plan);
    await opened.dispose();
    expect(futures.length).toBe((1 + 3 * 5) * size);
    return [1, 2, 3].map((row) => futures.slice(row * size, row * size + 10).join());
  };
  const wanted = random.normals(6);
  const [first, second, third] = await begun([0, 2, -1, 1, 3]); // ways 4, 1 and 3
  expect(new Set([first, second, third]).size).toBe(3);
  expect(await begun([0, 3, -1, 1, 2])).toEqual([second, first, third]);
  const [, , other] = await begun([1, 2, -1, 0, 3]);
  expect(other).not.toBe(third);
});

it('says what its proposals lead to, as imagination does, and that is judged as they are', async () => {
  const checkpoint = { config, params: tinyParams(config), hash: '' };
  const own = (await openReflexes(engine, checkpoint, horizon))!;
  const imagination = await openImagination(engine, checkpoint, { samples: 6, horizon, proposals: 6 });
  const goal = random.normals(6);
  const { blocks, latents } = await own.propose(context, goal, plan);
  const imagined = await imagination.imagine(context, blocks);
  expect(latents).toHaveLength(6 * horizon * 6);
  latents.forEach((value, i) => {
    expect(value).toBeCloseTo(imagined[i]!, 4);
  });
  const score = imagination.score(context, goal);
  const [costs, again] = [await score(blocks), await score.foreseen!(blocks, latents)];
  expect(again).toHaveLength(6);
  again.forEach((cost, i) => {
    expect(cost / costs[i]!).toBeCloseTo(1, 4);
  });
  const other = (
    await score.foreseen!(
      blocks,
      latents.map((value) => value + 1),
    )
  )[0]!;
  expect(other).not.toBeCloseTo(again[0]!, 2);
  await imagination.dispose();
  await own.dispose();
});

it('judges proposals by what they are known to lead to, but for ones that had to be changed', async () => {
  const shape = { horizon: 1, frameskip: 1, actionSize: 1, periodMs: 100, low: [-9], high: [9] };
  const plan = { ...blankPlan(shape, 7), mean: Float32Array.of(4), before: Float32Array.of(4) };
  const proposals = { blocks: Float32Array.of(4, 1, 2), latents: Float32Array.of(40, 30, 20) };
  const score = Object.assign(async (candidates: Float32Array) => candidates.map((value) => Math.abs(value - 1)), {
    foreseen: async (_: Float32Array, latents: Float32Array) => latents.map((value) => value - 20),
  });
  const start = await reflexStart(plan, proposals, { shape, samples: 8 }, score);
  expect([start.plan.mean, start.latents]).toEqual([Float32Array.of(2), Float32Array.of(20)]);
  const slow = { ...shape, rate: [1] };
  const changed = await reflexStart(plan, proposals, { shape: slow, samples: 8 }, score);
  expect([changed.plan.mean, changed.latents]).toEqual([Float32Array.of(3), undefined]);
});

it('is there where the checkpoint has one', async () => {
  const plain = tinyConfig();
  expect(await openReflexes(engine, { config: plain, params: tinyParams(plain), hash: '' }, 3)).toBe(undefined);
});

it('starts from the best of the last plan and the proposals', async () => {
  const shape = { horizon: 1, frameskip: 1, actionSize: 1, periodMs: 100, low: [-9], high: [9] };
  const plan = { ...blankPlan(shape, 7), mean: Float32Array.of(4) };
  const towards = (wish: number) => async (candidates: Float32Array) =>
    candidates.map((value) => Math.abs(value - wish));
  const proposals = { blocks: Float32Array.of(4, 1, 2, 3), latents: new Float32Array(4) };
  expect((await reflexStart(plan, proposals, { shape, samples: 6 }, towards(2.2))).plan).toMatchObject({
    timeMs: 7,
    mean: Float32Array.of(2),
  });
  const { plan: kept } = await reflexStart(plan, proposals, { shape, samples: 6 }, towards(5));
  expect(kept.mean).toEqual(plan.mean);
  expect(kept.std[0]!).toBeLessThan(plan.std[0]!);
  expect(kept.cost).toBe(1);
  expect((await reflexStart(plan, proposals, { shape, samples: 2 }, towards(3))).plan.mean).toEqual(plan.mean); // room for one proposal, which is no better
});

it('stays with the last plan where a proposal is hardly better, as steady as it is told', async () => {
  const shape = { horizon: 1, frameskip: 1, actionSize: 1, periodMs: 100, low: [-9], high: [9] };
  const plan = { ...blankPlan(shape, 0), mean: Float32Array.of(1) };
  const started = async (proposal: number, costs: Record<number, number>, steady = 0.1) =>
    (
      await reflexStart(
        plan,
        { blocks: Float32Array.of(1, proposal), latents: new Float32Array(2) },
        { shape, samples: 2, steady },
        async (candidates) => candidates.map((value) => costs[value]!),
      )
    ).plan.mean[0];
  expect(await started(2, { 1: 10, 2: 9.5 })).toBe(1);
  expect(await started(2, { 1: 10, 2: 9.5 }, 0)).toBe(2);
  expect(await started(2, { 1: 10, 2: 8.9 })).toBe(2);
  expect(await started(2, { 1: -10, 2: -10.5 })).toBe(1);
  expect(await started(2, { 1: -10, 2: -11.1 })).toBe(2);
  expect(await started(2, { 1: Number.NaN, 2: 5 })).toBe(2);
});
