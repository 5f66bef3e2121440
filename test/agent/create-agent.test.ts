import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { worldDriver } from '../../sim/world-driver.ts';
import { type AgentOptions, createAgent } from '../../src/agent/create-agent.ts';
import type { Goal } from '../../src/agent/goal.ts';
import { run } from '../../src/agent/run.ts';
import { virtualClock } from '../../src/clock.ts';
import type { Action } from '../../src/drivers/driver.ts';
import { BadGoal, BadPicture } from '../../src/errors.ts';
import { seeded } from '../../src/random.ts';
import type { Verdict } from '../../src/safety/gate.ts';
import { type Dot, dotFrame, dotImagination, dotWorld, plainCem } from '../support/dot.ts';

/** A dot's life until `untilMs`: what was done, where it went. */
async function life(untilMs: number, overrides: Partial<AgentOptions> = {}, seed = 1) {
  const clock = virtualClock();
  const actions: Action[] = [];
  const places: Dot[] = [];
  const verdicts: Verdict[] = [];
  const errors: unknown[] = [];
  const driver = worldDriver(dotWorld, { start: [0.1, 0.2], size: 1, clock, onState: (dot) => places.push(dot) });
  const agent = createAgent({
    imagination: dotImagination(),
    planner: plainCem(),
    goal: { frame: dotFrame([0.8, 0.6]) },
    spec: dotWorld.actionSpec,
    clock,
    random: seeded(seed),
    iterations: 4,
    onVerdict: (verdict) => verdicts.push(verdict),
    ...overrides,
  });
  const running = run(driver, agent).subscribe({
    next: (action) => actions.push(action),
    error: (error) => errors.push(error),
  });
  await clock.run(untilMs);
  return { clock, actions, places, verdicts, errors, running };
}

/** The dot's longest step. */
const step = 0.0708;
const gap = (dot: Dot | undefined, [x, y]: Dot) => Math.hypot(dot![0] - x, dot![1] - y);

test('reaches the place in the goal picture, within the limits', async () => {
  const { places, actions, errors } = await life(2000);
  expect(errors).toEqual([]);
  expect(gap(places.at(-1), [0.8, 0.6])).toBeLessThan(step);
  expect(actions.flat().every((value) => Math.abs(value) <= 1)).toBe(true);
});

test('the same seed gives the same run, another one another', async () => {
  const [first, again, other] = [await life(1500), await life(1500), await life(1500, {}, 2)];
  expect(first.actions.length).toBeGreaterThan(30);
  expect(again.actions).toEqual(first.actions);
  expect(again.places).toEqual(first.places);
  expect(other.actions).not.toEqual(first.actions);
});

test('thinking that costs time still reaches the goal, and stops at its budget', async () => {
  const refinements: number[] = [];
  const { places } = await life(2500, {
    refinementMs: 12,
    iterations: 50,
    budgetMs: 60,
    onThought: (thought) => refinements.push(thought.refinements),
  });
  expect(gap(places.at(-1), [0.8, 0.6])).toBeLessThan(step);
  expect(new Set(refinements)).toEqual(new Set([5]));
});

test('words are taken for a remembered moment, seen from where it is; what is understood is told', async () => {
  const asked: unknown[] = [];
  const understand = async (words: string, [x]: Float32Array) => ({
    latent: Float32Array.of(x! + 0.5, 0.6),
    words: `the ${words}`,
    sure: 0.9,
  });
  const { places, errors } = await life(2000, {
    imagination: dotImagination({ understand }),
    goal: { words: 'middle' },
    onGoal: (latent, goal, understood) => asked.push({ latent: latent[0], goal, words: understood?.words }),
  });
  expect(errors).toEqual([]);
  expect(asked).toEqual([{ latent: expect.closeTo(0.6, 2), goal: { words: 'middle' }, words: 'the middle' }]);
  expect(gap(places.at(-1), [0.6, 0.6])).toBeLessThan(step);
});

test('words that are not understood: the robot rests where somebody is told, and the former goal is dropped; else it ends, after rest', async () => {
  const imagination = dotImagination({ understand: () => Promise.reject(new BadGoal('nothing is remembered')) });
  const goal = new Subject<Goal>();
  const rejected: string[] = [];
  const told = await life(0, { imagination, goal, onReject: (error) => rejected.push((error as Error).message) });
  goal.next({ frame: dotFrame([0.8, 0.6]) });
  await told.clock.run(500);
  expect(told.actions.at(-1)).not.toEqual([0, 0]);
  goal.next({ words: 'nowhere' });
  await told.clock.run(900);
  expect({ rejected, errors: told.errors, last: told.actions.at(-1) }).toEqual({
    rejected: ['nothing is remembered'],
    errors: [],
    last: [0, 0],
  });
  goal.next({ frame: dotFrame([0.8, 0.6]) });
  await told.clock.run(3000);
  expect(gap(told.places.at(-1), [0.8, 0.6])).toBeLessThan(step);
  const untold = await life(500, { imagination, goal: { words: 'nowhere' } });
  expect(untold.errors).toEqual([expect.objectContaining({ name: 'BadGoal' })]);
  const mute = await life(500, { goal: { words: 'left' } });
  expect(mute.errors).toEqual([expect.objectContaining({ name: 'NoWords', message: 'the checkpoint knows no words' })]);
});

test('a new goal takes over at once', async () => {
  const goal = new Subject<Goal>();
  const aims: number[][] = [];
  const { clock, places } = await life(0, { goal, onThought: ({ goal }) => aims.push([...goal]) });
  goal.next({ latent: Float32Array.of(1, 0) });
  await clock.run(490);
  goal.next({ latent: Float32Array.of(0, 1) });
  await clock.run(491); // before the next frame
  expect(aims.at(-1)).toEqual([0, 1]);
  await clock.run(2500);
  expect(gap(places.at(-1), [0, 1])).toBeLessThan(step);
});

test('a goal picture of another size ends in rest and BadPicture', async () => {
  const { errors, verdicts } = await life(100, { goal: { frame: { width: 2, height: 1, data: new Uint8Array(6) } } });
  expect(errors[0]).toBeInstanceOf(BadPicture);
  expect(String(errors[0])).toMatch(/1 x 1 pixels, got 2 x 1/);
  expect(verdicts.at(-1)).toMatchObject({ action: [0, 0], reason: 'end' });
});

test('a planner that throws in the middle of the way ends in rest and its error', async () => {
  const plan = plainCem();
  let thoughts = 0;
  const planner: typeof plan = (...args) =>
    ++thoughts > 20 ? Promise.reject(new Error('out of ideas')) : plan(...args);
  const { errors, places, verdicts } = await life(2000, { planner });
  expect(String(errors[0])).toMatch(/out of ideas/);
  expect(verdicts.at(-1)).toMatchObject({ action: [0, 0], reason: 'end' });
  expect(places.length).toBeLessThan(10); // nothing moves any more
});

test('plans with numbers that are none are dropped: the robot rests', async () => {
  const plan = plainCem();
  let thoughts = 0;
  const planner: typeof plan = async (...args) => {
    const found = await plan(...args);
    return ++thoughts > 20 ? { ...found, mean: found.mean.fill(Number.NaN) } : found;
  };
  const { errors, places, verdicts } = await life(1000, { planner });
  expect(errors).toEqual([]);
  expect(verdicts.at(-1)).toMatchObject({ action: [0, 0], reason: 'silence' });
  expect(places.at(-1)).toEqual(places.at(-8));
});

test('rests while what is seen is further from what was expected than it may, and then goes on', async () => {
  let distance = 0;
  const imagination = dotImagination({ contextLength: 1, distance: () => distance });
  const seen: number[] = [];
  const onSurprise = ({ distance }: { distance: number }) => seen.push(distance);
  const news: boolean[] = [];
  const onStartled = (is: boolean) => news.push(is);
  const watch = { maxSurprise: 0.5, onSurprise, onStartled };
  const { clock, places, verdicts, errors } = await life(400, { imagination, ...watch });
  const before = places.at(-1)!;
  expect(gap(before, [0.1, 0.2])).toBeGreaterThan(step); // on its way
  distance = 0.6;
  await clock.run(600);
  const startled = places.at(-1)!;
  await clock.run(1000);
  expect(places.at(-1)).toEqual(startled);
  expect(verdicts.at(-1)!.action).toEqual([0, 0]);
  distance = 0.4;
  await clock.run(3000);
  expect(gap(places.at(-1), [0.8, 0.6])).toBeLessThan(2 * step);
  expect(new Set(seen)).toEqual(new Set([0, 0.6, 0.4]));
  expect(news).toEqual([true, false]);
  expect(errors).toEqual([]);
});

test('is not startled by one frame alone', async () => {
  let looked = 0;
  const distance = () => (++looked === 5 ? 9 : 0);
  const imagination = dotImagination({ contextLength: 1, distance });
  const news: boolean[] = [];
  await life(2000, { imagination, maxSurprise: 0.5, onStartled: (is) => news.push(is) });
  expect(looked).toBeGreaterThan(9);
  expect(news).toEqual([]);
});

test('acts by what arrives as long as what is seen is no surprise, and searches when it is', async () => {
  let distance = 0;
  const imagination = dotImagination({ contextLength: 1, distance: () => distance, nominalSurprise: 0.5 });
  const refinements: number[] = [];
  const { clock, errors } = await life(400, {
    imagination,
    warmStart: async (_, __, plan) => ({ plan, arrival: 2 }),
    onThought: (thought) => refinements.push(thought.refinements),
  });
  expect(new Set(refinements)).toEqual(new Set([0]));
  distance = 0.6;
  await clock.run(600);
  expect(refinements.at(-1)).toBeGreaterThan(0);
  distance = 0.4;
  await clock.run(800);
  expect(refinements.at(-1)).toBe(0);
  expect(errors).toEqual([]);
});

test('tells the latent of every goal', async () => {
  const goals: number[][] = [];
  await life(100, { onGoal: (latent) => goals.push([...latent]) });
  expect(goals).toEqual([[expect.closeTo(0.8, 2), expect.closeTo(0.6, 2)]]);
});
