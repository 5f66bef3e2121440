import type { Episode } from '../src/data/episode.ts';
import type { Action } from '../src/drivers/driver.ts';
import { UsageError } from '../src/errors.ts';
import { nearest } from '../src/nearest.ts';
import { type Random, seeded } from '../src/random.ts';
import type { Policy, Task, World } from './world.ts';

/** What makes an episode: the same record and the same number give the same bytes everywhere. */
export type Recipe = {
  readonly policy: string;
  readonly seed: number;
  readonly size: number;
  readonly frameEvery: number;
};

/** Plays and records one episode of a task. */
export function playEpisode<State>(task: Task<State>, world: World<State>, recipe: Recipe, index: number): Episode {
  const random = seeded(recipe.seed).fork(index);
  const policy = policyOf(task, recipe.policy)(world, random.fork('policy'));
  const actions: number[] = [];
  const states: number[] = [];
  const frames: Uint8Array[] = [];
  const start = world.reset(random.fork('reset'));
  let state = policy.begin?.(start) ?? start;
  for (let step = 0; ; step++) {
    states.push(...world.encodeState(state));
    if (step % recipe.frameEvery === 0) frames.push(world.render(state, recipe.size).data);
    if (step >= task.maxSteps || (step > 0 && policy.done(state))) break;
    // As stored: whoever replays the recorded actions sees the recorded states.
    const action = policy.act(state).map(Math.fround);
    actions.push(...action);
    state = policy.next(world.step(state, action));
  }
  return { actions: new Float32Array(actions), states: new Float64Array(states), frames: joined(frames) };
}

/** The names of a task's collection policies. */
export const policyNames = (task: { readonly policies: object }): string[] => [...Object.keys(task.policies), 'random'];

/** The collection policy of that name. Throws `UsageError` with the nearest name when there is none. */
export function policyOf<State>(
  task: Task<State>,
  name: string,
): (world: World<State>, random: Random) => Policy<State> {
  if (name === 'random') return randomPolicy;
  const policy = Object.hasOwn(task.policies, name) ? task.policies[name] : undefined;
  if (policy) return policy;
  const known = [...Object.keys(task.policies), 'random'];
  const meant = nearest(name, known);
  throw new UsageError(`task ${task.name} has no policy '${name}'`, {
    hint: meant ? `did you mean '${meant}'?` : `known: ${known.join(', ')}`,
  });
}

/** Uniform actions between the limits. */
function randomPolicy<State>({ actionSpec: { low, high } }: World<State>, random: Random): Policy<State> {
  return {
    act: (): Action => low.map((least, i) => least + (high[i]! - least) * random.uniform()),
    next: (state) => state,
    done: () => false,
  };
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const size = frames[0]!.length;
  const all = new Uint8Array(frames.length * size);
  for (const [i, frame] of frames.entries()) all.set(frame, i * size);
  return all;
}
