import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../sim/collect.ts';
import { tasks } from '../sim/tasks.ts';
import type { Task, World } from '../sim/world.ts';
import { seeded } from '../src/random.ts';
import { type Row, row } from './row.ts';

/** What each task shall give on one core, per second: steps without a picture, steps with one of 64 px, pictures of 224 px. */
const flat = { steps: undefined, frames: 5000, large: undefined };
const solid = { steps: undefined, frames: 1500, large: 200 };
const goals: Readonly<Record<string, { steps?: number | undefined; frames: number; large?: number | undefined }>> = {
  'two-room': flat,
  wall: flat,
  pusht: { ...flat, steps: 3000 },
};
/** Long enough for a rate, ms. */
const FOR_MS = 2000;
/** Episodes that a thread needs so long for, and at least as many, ms. */
const COLLECT_MS = 4000;
const LEAST_EPISODES = 60;
const MOST_EPISODES = 3000;

/** Every task: stepping, drawing, both together, and collecting with one and with two workers. */
export async function benchWorlds(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const task of Object.values(tasks)) {
    process.stderr.write(`  ${task.name}\n`);
    await task.prepare?.();
    const world = task.world();
    const { steps, frames, large } = goals[task.name] ?? solid;
    const states = walk(task, world, 200);
    const say = (what: string, value: number, goal: number | undefined, unit: string) =>
      rows.push(
        row(`${task.name}: ${what}`, value, unit, goal === undefined ? undefined : { name: 'goal', value: goal }),
      );
    const rateOfSteps = stepRate(task, world);
    say('stepping, one thread', rateOfSteps, steps, 'steps/s');
    say(
      'drawing at 64 px, one thread',
      rate(states, (state) => world.render(state, 64)),
      undefined,
      'frames/s',
    );
    say('stepping and drawing at 64 px, one thread', stepRate(task, world, 64), frames, 'frames/s');
    say(
      'drawing at 224 px, one thread',
      rate(states, (state) => world.render(state, 224)),
      large,
      'frames/s',
    );
    const episodes = Math.min(
      MOST_EPISODES,
      Math.max(LEAST_EPISODES, Math.ceil((rateOfSteps * COLLECT_MS) / 1000 / task.maxSteps)),
    );
    const [one, two] = [await collected(task, 1, episodes), await collected(task, 2, episodes)];
    rows.push(row(`${task.name}: collecting, 2 workers`, two, 'steps/s', { name: '1 worker', value: one }));
  }
  return rows;
}

/** States of an expert's way. */
function walk<State>(task: Task<State>, world: World<State>, count: number): State[] {
  const random = seeded(1);
  const act = task.expert(world, random.fork('expert'));
  const states = [world.reset(random)];
  while (states.length < count) states.push(world.step(states.at(-1)!, act(states.at(-1)!)));
  return states;
}

/** How often something is done to each of the states in turn, per second. */
function rate<State>(states: readonly State[], work: (state: State) => unknown): number {
  for (const state of states) work(state);
  let done = 0;
  const began = performance.now();
  for (; performance.now() - began < FOR_MS; done++) work(states[done % states.length]!);
  return (1000 * done) / (performance.now() - began);
}

/** Steps of random actions per second, with a picture of every moment if asked for. */
function stepRate<State>(task: Task<State>, world: World<State>, size?: number): number {
  const random = seeded(2);
  const { low, high } = world.actionSpec;
  let state = world.reset(random.fork(0));
  let steps = 0;
  const go = () => {
    if (++steps % task.maxSteps === 0) state = world.reset(random.fork(steps));
    state = world.step(
      state,
      low.map((least, i) => least + random.uniform() * (high[i]! - least)),
    );
    if (size !== undefined) world.render(state, size);
  };
  for (let i = 0; i < 200; i++) go();
  const before = steps;
  const began = performance.now();
  while (performance.now() - began < FOR_MS) go();
  return (1000 * (steps - before)) / (performance.now() - began);
}

/** Steps per second on their way to the disk as `premotor collect` puts them there, once the workers are up. */
async function collected(task: Task, workers: number, episodes: number): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-bench-'));
  let first: { readonly steps: number; readonly elapsedMs: number } | undefined;
  try {
    const last = await collect({
      ...{ task, dir, workers, episodes, seed: 1, policy: 'explore' },
      onProgress: (progress) => {
        if (progress.done > 2 * workers) first ??= progress; // starting them takes its time
      },
    });
    return (1000 * (last.steps - first!.steps)) / (last.elapsedMs - first!.elapsedMs);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
