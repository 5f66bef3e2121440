import { collect } from '../../sim/collect.ts';
import { findTask } from '../../sim/tasks.ts';

/** A process that collects and says so after each episode: for being killed. */
const [dir, episodes, workers] = process.argv.slice(2);
await collect({
  task: findTask('two-room'),
  dir: dir!,
  episodes: Number(episodes),
  seed: 3,
  policy: 'explore',
  size: 32,
  frameEvery: 1,
  workers: Number(workers),
  shardEpisodes: 8,
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
});
