import type { Trace } from '../../sim/playground.ts';
import type { Task, World } from '../../sim/world.ts';
import type { DatasetMeta } from '../data/dataset.ts';
import type { Episode } from '../data/episode.ts';
import { createEpisodeWriter } from '../data/writer.ts';

export type SaveOptions<State> = {
  readonly task: Task<State>;
  readonly world: World<State>;
  readonly seed: number;
  readonly variations: Readonly<Record<string, unknown>>;
  /** Side of the stored pictures, px; one of every moment. */
  readonly size: number;
  readonly dir: string;
};

/** Adds an episode that was played to a data set. Gives the number of episodes in it. */
export function savePlayed<State>(trace: Trace<State>, options: SaveOptions<State>): number {
  const { task, world, seed, variations, size, dir } = options;
  const meta: DatasetMeta = {
    format: 'premotor-episodes/1',
    task: task.name,
    seed,
    policy: 'played',
    variations,
    width: size,
    height: size,
    frameEvery: 1,
    actionSize: world.actionSpec.low.length,
    stateSize: task.stateNames.length,
    periodMs: world.periodMs,
  };
  const writer = createEpisodeWriter(dir, meta);
  try {
    writer.append(episodeOf(trace, world, size));
    return writer.episodes;
  } finally {
    writer.close();
  }
}

function episodeOf<State>({ states, actions }: Trace<State>, world: World<State>, size: number): Episode {
  const bytes = 3 * size * size;
  const frames = new Uint8Array(bytes * states.length);
  for (const [i, state] of states.entries()) frames.set(world.render(state, size).data, i * bytes);
  return {
    actions: Float32Array.from(actions.flat()),
    states: Float64Array.from(states.flatMap((state) => world.encodeState(state))),
    frames,
  };
}
