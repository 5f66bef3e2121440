import { ReplaySubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { demo } from '../../sim/demo.ts';
import type { Task } from '../../sim/world.ts';
import { createAgent } from '../../src/agent/create-agent.ts';
import type { Goal } from '../../src/agent/goal.ts';
import { virtualClock } from '../../src/clock.ts';
import type { Action } from '../../src/drivers/driver.ts';
import { seeded } from '../../src/random.ts';
import { type Dot, dotImagination, dotWorld, plainCem } from '../support/dot.ts';

const close = ([ax, ay]: Dot, [bx, by]: Dot) => Math.hypot(ax - bx, ay - by) < 0.05;

/** Going somewhere else on the square; a far goal is in the other half. */
const dotTask: Task<Dot> = {
  name: 'dot',
  world: () => dotWorld,
  variations: {},
  expert: () => () => [0, 0],
  evaluation: { policy: 'random', variations: {} },
  maxSteps: 100,
  stateNames: ['x', 'y'],
  protocols: {},
  policies: {},
  goal: (_world, [x], random, far) => [
    (far ? (x < 0.5 ? 0.55 : 0.05) : x < 0.5 ? 0.05 : 0.55) + 0.4 * random.uniform(),
    random.uniform(),
  ],
  reached: close,
};

async function play({
  limitMs = 5000,
  seed = 1,
  blind = false,
  stopAtMs = Number.POSITIVE_INFINITY,
  held = (): boolean => false,
} = {}) {
  const clock = virtualClock();
  const goal$ = new ReplaySubject<Goal>(1);
  const imagination = dotImagination(blind ? { score: () => async (all) => new Float32Array(all.length / 12) } : {});
  const planner = blind ? async <Plan>(plan: Plan) => plan : plainCem();
  const random = seeded(seed);
  const agent = createAgent({
    imagination,
    planner,
    goal: goal$,
    spec: dotWorld.actionSpec,
    clock,
    random: random.fork('mind'),
  });
  const stop = new AbortController();
  const begun: { index: number; far: boolean }[] = [];
  const actions: Action[] = [];
  let frames = 0;
  const course = {
    task: dotTask,
    random,
    clock,
    goals: 6,
    far: 4,
    limitMs,
    periodMs: dotWorld.periodMs,
    size: 1,
    agent,
    goal$,
    held,
  };
  const playing = demo({
    ...course,
    signal: stop.signal,
    onBegin: ({ index, far }) => void begun.push({ index, far }),
    onFrame: () => void frames++,
    onAction: (action) => void actions.push(action),
  });
  clock.schedule(() => stop.abort(), Math.min(stopAtMs, 100_000));
  await clock.run(100_000);
  return { legs: await playing, begun, actions, frames };
}

describe('demo', () => {
  it('reaches goal after goal, as many far ones as asked for, and ends at rest', async () => {
    const { legs, begun, actions, frames } = await play();
    expect(legs.map(({ reached }) => reached)).toEqual(Array(6).fill(true));
    expect(legs.filter(({ far }) => far)).toHaveLength(4);
    expect(begun.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(begun.map(({ far }) => far)).toEqual(legs.map(({ far }) => far));
    expect(actions.at(-1)).toEqual(dotWorld.actionSpec.rest);
    expect(frames).toBeGreaterThan(6);
  });

  it('gives up a goal when its time is over, and goes on with the next', async () => {
    const { legs } = await play({ blind: true, limitMs: 1000 });
    expect(legs).toHaveLength(6);
    for (const { reached, ms } of legs) expect(reached || ms >= 1000).toBe(true);
    expect(legs.some(({ reached }) => !reached)).toBe(true);
  });

  it('is the same again for the same seed, and another for another', async () => {
    const [first, again, other] = [await play({ seed: 3 }), await play({ seed: 3 }), await play({ seed: 4 })];
    expect(again.actions).toEqual(first.actions);
    expect(other.actions).not.toEqual(first.actions);
  });

  it('ends at rest with what it has when asked to stop', async () => {
    const { legs, actions } = await play({ stopAtMs: 1500 });
    expect(legs.length).toBeLessThan(6);
    expect(actions.at(-1)).toEqual(dotWorld.actionSpec.rest);
  });

  it('lets the time for a goal stand still while held', async () => {
    const { legs } = await play({ blind: true, limitMs: 1000, held: () => true });
    expect(legs.filter(({ reached }) => !reached)).toEqual([]);
  });

  it('refuses more far goals than goals', () => {
    const clock = virtualClock();
    const course = { task: dotTask, random: seeded(1), clock, goals: 2, far: 3, limitMs: 1, periodMs: 50, size: 1 };
    expect(() => demo({ ...course, agent: (seen$) => seen$ as never, goal$: new ReplaySubject<Goal>(1) })).toThrow(
      'far must be at most goals (2), got 3',
    );
  });
});
