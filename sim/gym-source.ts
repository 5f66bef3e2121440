import type { DatasetMeta } from '../src/data/dataset.ts';
import type { Episode } from '../src/data/episode.ts';
import { RECORDED } from '../src/data/recorded.ts';
import type { Source } from '../src/data/source.ts';
import type { Action } from '../src/drivers/driver.ts';
import type { Gym, GymStep } from '../src/drivers/gym/open-gym.ts';
import { centred, resized } from '../src/drivers/ros/resize.ts';
import { type Random, seeded } from '../src/random.ts';

export type GymSourceOptions = {
  readonly episodes: number;
  readonly seed: number;
  /** An episode that does not end by itself is cut off here, steps. */
  readonly maxSteps: number;
  /** Side of the stored pictures (the middle of the environment's), px, and steps between them. */
  readonly size: number;
  readonly frameEvery: number;
  /** Who acts: uniformly random unless given. */
  readonly act?: (seen: GymStep, random: Random) => Action;
};

/** Episodes of a Gymnasium environment, played as they are asked for; episode `e` of a seed begins the same every time. */
export async function gymSource(gym: Gym, options: GymSourceOptions): Promise<Source> {
  const { episodes, seed, size, frameEvery, maxSteps } = options;
  const { env, low, high, periodMs } = gym.spec;
  const { state } = await gym.reset(seed);
  const meta: DatasetMeta = {
    format: 'premotor-episodes/1',
    task: env,
    seed,
    policy: RECORDED,
    variations: { gym: env, maxSteps, axes: low.map((least, i) => ({ name: `a${i}`, low: least, high: high[i]! })) },
    width: size,
    height: size,
    frameEvery,
    actionSize: low.length,
    stateSize: Math.max(1, state.length),
    periodMs,
  };
  return {
    meta,
    total: episodes,
    notes: [],
    async *episodes(from = 0) {
      for (let index = from; index < episodes; index++) yield await play(gym, options, index);
    },
    close: () => gym.close(),
  };
}

async function play(gym: Gym, options: GymSourceOptions, index: number): Promise<Episode> {
  const { seed, size, frameEvery, maxSteps, act = uniform(gym) } = options;
  const random = seeded(seed).fork(index);
  const actions: number[] = [];
  const states: number[] = [];
  const frames: Uint8Array[] = [];
  let seen = await gym.reset(seed + index);
  for (let step = 0; ; step++) {
    states.push(...(seen.state.length > 0 ? seen.state : [0]));
    const square = { width: size, height: size };
    if (step % frameEvery === 0) frames.push(resized(centred(seen.frame, square), square).data);
    if (step >= maxSteps || seen.terminated || seen.truncated) break;
    const action = act(seen, random).map(Math.fround); // as stored
    actions.push(...action);
    seen = await gym.step(action);
  }
  return {
    actions: Float32Array.from(actions),
    states: Float64Array.from(states),
    frames: new Uint8Array(Buffer.concat(frames)),
  };
}

const uniform =
  ({ spec: { low, high } }: Gym) =>
  (_: GymStep, random: Random): Action =>
    low.map((least, i) => least + (high[i]! - least) * random.uniform());
