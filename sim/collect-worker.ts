import { parentPort, workerData } from 'node:worker_threads';
import { playEpisode, type Recipe } from './play.ts';
import { findTask } from './tasks.ts';

/** What a worker is started with: it makes its own world. */
export type WorkerData = {
  readonly task: string;
  readonly variations: Readonly<Record<string, unknown>>;
  readonly recipe: Recipe;
};

const { task: name, variations, recipe } = workerData as WorkerData;
const task = findTask(name);
await task.prepare?.();
const world = task.world(variations);

parentPort!.on('message', (index: number) => {
  const episode = playEpisode(task, world, recipe, index);
  const buffers = [episode.actions.buffer, episode.states.buffer, episode.frames.buffer] as ArrayBuffer[];
  parentPort!.postMessage({ index, episode }, buffers);
});
