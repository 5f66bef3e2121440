import { expect, it } from 'vitest';
import { evaluateAgent, evaluateExpert, evaluateRandom, share } from '../../sim/evaluate.ts';
import { summarise } from '../../sim/timing.ts';
import type { Protocol } from '../../sim/world.ts';
import { seeded } from '../../src/random.ts';
import { type Dot, dotImagination, dotWorld, plainCem } from '../support/dot.ts';

const near = ([ax, ay]: Dot, [bx, by]: Dot) => Math.hypot(ax - bx, ay - by) < 0.04;
const protocol: Protocol<Dot> = {
  name: 'dot',
  world: dotWorld,
  offset: 5,
  budget: 20,
  eligible: () => true,
  success: (visited, goal) => near(visited.at(-1)!, goal),
};
const random = seeded(6);
/** Half a unit apart: ten steps at full speed. */
const pairs = Array.from({ length: 6 }, (_, episode) => {
  const y = 0.1 + 0.8 * random.uniform();
  return { start: [0.2, y] as Dot, goal: [0.7, y] as Dot, episode, step: 0 };
});
const ticks = () => {
  let time = 0;
  return () => time++;
};
const options = { protocol, pairs, seed: 3, now: ticks() };

it('finds the agent good where it is: every goal reached within the budget, one plan a step', async () => {
  const { success, records, planMs, replansPerSecond } = await evaluateAgent(options, dotImagination(), plainCem());
  expect(success).toBe(100);
  for (const [i, record] of records.entries()) {
    expect(record.start).toEqual([...pairs[i]!.start]);
    expect(near(record.end as unknown as Dot, pairs[i]!.goal)).toBe(true);
    expect(record.steps).toBeGreaterThanOrEqual(9);
    expect(record.steps).toBeLessThanOrEqual(20);
  }
  const steps = records.reduce((sum, record) => sum + record.steps, 0);
  expect(planMs.count).toBeGreaterThanOrEqual(steps);
  expect(planMs.count).toBeLessThanOrEqual(steps + pairs.length);
  expect(replansPerSecond).toBe(1000); // the clock of this test moves by one at each look
});

it('gives the same records for the same seed', async () => {
  const once = async () => (await evaluateAgent(options, dotImagination(), plainCem())).records;
  expect(await once()).toEqual(await once());
});

it('finds a planner that cares for something else no better than it is', async () => {
  const away = dotImagination({ score: () => async (candidates) => new Float32Array(candidates.length / 12) });
  const { success, records } = await evaluateAgent(options, away, plainCem({ low: -0.1, high: 0.1 }));
  expect(success).toBe(0);
  expect(records.every(({ steps }) => steps === protocol.budget)).toBe(true);
});

it('plays random actions on the same pairs, the same for the same seed', async () => {
  const records = await evaluateRandom(options);
  expect(records.map(({ start }) => start)).toEqual(pairs.map(({ start }) => [...start]));
  expect(share(records)).toBeLessThan(50);
  expect(await evaluateRandom(options)).toEqual(records);
});

it('lets an expert who sees the state try, aimed at each goal', async () => {
  const expert =
    () =>
    ([x, y]: Dot) => [20 * (aim[0] - x), 20 * (aim[1] - y)];
  let aim: Dot = [0, 0];
  const aimed = (state: Dot, goal: Dot) => {
    aim = goal;
    return state;
  };
  const records = await evaluateExpert(options, { expert, aimed });
  expect(share(records)).toBe(100);
  expect(records.every(({ steps }) => steps >= 1 && steps <= 20)).toBe(true);
});

it('counts a pair solved at the start as solved, after no step', async () => {
  const solved = [{ ...pairs[0]!, goal: pairs[0]!.start }];
  const { records } = await evaluateAgent({ ...options, pairs: solved }, dotImagination(), plainCem());
  expect(records[0]).toMatchObject({ success: true, steps: 0 });
});

it('ends with the error of a model that fails, and between episodes when asked to stop', async () => {
  const broken = dotImagination({
    see: async () => {
      throw new Error('the lens is dirty');
    },
  });
  await expect(evaluateAgent(options, broken, plainCem())).rejects.toThrow('the lens is dirty');
  await expect(
    evaluateAgent({ ...options, signal: AbortSignal.abort() }, dotImagination(), plainCem()),
  ).rejects.toThrow();
});

it('sums up times by nearest rank', () => {
  const times = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(summarise(times)).toEqual({ count: 100, mean: 50.5, p50: 50, p95: 95, p99: 99 });
  expect(summarise([])).toEqual({ count: 0, mean: 0, p50: 0, p95: 0, p99: 0 });
});
