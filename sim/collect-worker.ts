import { parentPort, workerData } from 'node:worker_threads';
import { playEpisode, type Recipe } from './play.ts';
import { findTask } from './tasks.ts';
import { vary } from './vary.ts';

/** What a worker is started with: it makes its own world. */
export type WorkerData = {
  readonly task: string;
  readonly variations: Readonly<Record<string, unknown>>;
  readonly recipe: Recipe;
};

const { task: name, variations, recipe } = workerData as WorkerData;
const plain = findTask(name);
await plain.prepare?.();
const task = vary(plain, variations);
const world = task.world();

parentPort!.on('message', (index: number) => {
  const episode = playEpisode(task, world, recipe, index);
  const buffers = [episode.actions.buffer, episode.states.buffer, episode.frames.buffer] as ArrayBuffer[];
  parentPort!.postMessage({ index, episode }, buffers);
});
