import type { DatasetMeta } from '../src/data/dataset.ts';
import { type Episode, storedFrames } from '../src/data/episode.ts';
import type { FileSystem } from '../src/data/manifest.ts';
import { createEpisodeWriter, type EpisodeWriter } from '../src/data/writer.ts';
import { PremotorError } from '../src/errors.ts';
import { seeded } from '../src/random.ts';
import { siblingWorker } from '../src/spawn.ts';
import type { WorkerData } from './collect-worker.ts';
import { playEpisode, policyOf, type Recipe } from './play.ts';
import { findTask } from './tasks.ts';
import { vary } from './vary.ts';
import type { Task } from './world.ts';

export type Progress = {
  /** Episodes on disk, those of earlier runs included, and how many were asked for. */
  readonly done: number;
  readonly total: number;
  /** Frames stored and steps taken by this run. */
  readonly frames: number;
  readonly steps: number;
  readonly elapsedMs: number;
};

export type CollectOptions = {
  /** One of `sim/tasks.ts`. */
  // biome-ignore lint/suspicious/noExplicitAny: any task of any state will do.
  readonly task: Task<any>;
  readonly dir: string;
  readonly episodes: number;
  readonly seed: number;
  readonly policy: string;
  readonly size?: number;
  readonly frameEvery?: number;
  readonly variations?: Readonly<Record<string, unknown>>;
  /** Threads that play; 0 plays in this one. */
  readonly workers?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Finishes the episodes being played, closes the data set and returns. */
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  /** Episodes in one file of the data set. */
  readonly shardEpisodes?: number;
  readonly fs?: FileSystem;
};

/**
 * Records episodes of a task to a folder (`src/data/writer.ts`), or goes on where an earlier call with the same options
 * stopped. Episode `e` of a seed is the same whatever the workers and interruptions.
 */
export async function collect(options: CollectOptions): Promise<Progress> {
  const { task: plain, dir, episodes, seed, policy, size = 64, frameEvery = 5, variations = {}, workers = 2 } = options;
  const { onProgress, signal, now = () => performance.now(), shardEpisodes = 250, fs } = options;
  if (!Number.isInteger(episodes) || episodes < 1) throw new RangeError(`episodes must be at least 1, got ${episodes}`);
  if (!Number.isInteger(workers) || workers < 0) throw new RangeError(`workers must be at least 0, got ${workers}`);
  policyOf(plain, policy);
  await plain.prepare?.();
  const task = vary(plain, variations);
  const recipe: Recipe = { policy, seed, size, frameEvery };
  const meta = metaOf(task, recipe, variations);
  const writer = createEpisodeWriter(dir, meta, { shardEpisodes, ...(fs ? { fs } : {}) });
  const startMs = now();
  const totals = { frames: 0, steps: 0 };
  const progress = (): Progress => ({
    done: Math.min(writer.episodes, episodes),
    total: episodes,
    ...totals,
    elapsedMs: now() - startMs,
  });
  const store = (episode: Episode) => {
    writer.append(episode);
    const length = episode.actions.length / meta.actionSize;
    totals.frames += storedFrames(meta, length);
    totals.steps += length;
    onProgress?.(progress());
  };
  try {
    if (workers === 0) await playHere(task, recipe, writer, episodes, store, signal);
    else if (writer.episodes < episodes) {
      const count = Math.min(workers, episodes - writer.episodes);
      await playInWorkers({ task: task.name, variations, recipe }, count, writer.episodes, episodes, store, signal);
    }
  } finally {
    writer.close();
  }
  return progress();
}

function metaOf(
  task: Task,
  { seed, policy, size, frameEvery }: Recipe,
  variations: Record<string, unknown>,
): DatasetMeta {
  const world = task.world();
  if (!Number.isInteger(frameEvery) || frameEvery < 1) {
    throw new RangeError(`frameEvery must be at least 1, got ${frameEvery}`);
  }
  // An impossible size shows here, before anything is written.
  world.render(world.reset(seeded(seed)), size);
  return {
    format: 'premotor-episodes/1',
    task: task.name,
    seed,
    policy,
    variations,
    width: size,
    height: size,
    frameEvery,
    actionSize: world.actionSpec.low.length,
    stateSize: task.stateNames.length,
    periodMs: world.periodMs,
  };
}

async function playHere(
  task: Task,
  recipe: Recipe,
  writer: EpisodeWriter,
  episodes: number,
  store: (episode: Episode) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const world = task.world();
  while (writer.episodes < episodes && !signal?.aborted) {
    store(playEpisode(task, world, recipe, writer.episodes));
    await new Promise(setImmediate);
  }
}

/** Episodes per worker that may be on their way to the disk, however slow one of them is: memory stays flat. */
const AHEAD = 4;

function playInWorkers(
  workerData: WorkerData,
  count: number,
  first: number,
  episodes: number,
  store: (episode: Episode) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  findTask(workerData.task);
  const workers = Array.from({ length: count }, () => siblingWorker(import.meta.url, 'collect-worker', { workerData }));
  const owed = new Map(workers.map((worker) => [worker, 0]));
  const arrived = new Map<number, Episode>();
  let asked = first;
  let stored = first;
  const ask = () => {
    while (asked < Math.min(episodes, stored + AHEAD * count) && !signal?.aborted) {
      const [idlest, owes] = [...owed].reduce((least, other) => (other[1] < least[1] ? other : least));
      owed.set(idlest, owes + 1);
      idlest.postMessage(asked++);
    }
  };
  const playing = new Promise<void>((resolve, reject) => {
    for (const worker of workers) {
      worker.on('message', ({ index, episode }: { index: number; episode: Episode }) => {
        try {
          owed.set(worker, owed.get(worker)! - 1);
          arrived.set(index, episode);
          for (let next = arrived.get(stored); next; next = arrived.get(stored)) {
            arrived.delete(stored++);
            store(next);
          }
          ask();
          if (stored === asked) resolve();
        } catch (error) {
          reject(error);
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new PremotorError(`a collecting worker stopped with code ${code}`)));
    }
    ask();
    if (stored === asked) resolve();
  });
  return playing.finally(() => Promise.all(workers.map((worker) => worker.terminate())));
}
