import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../sim/collect.ts';
import { findTask } from '../sim/tasks.ts';
import { seeded } from '../src/random.ts';
import { median, type Row, row, timed } from './row.ts';

/** Drawing and collecting. */
export async function benchWorld(): Promise<Row[]> {
  const task = findTask('two-room');
  const world = task.world();
  const random = seeded(1);
  const states = Array.from({ length: 500 }, () => world.reset(random));
  const rows: Row[] = [];
  for (const size of [64, 224]) {
    const ms = median(await timed(5, () => states.forEach((state) => void world.render(state, size))));
    rows.push(row(`two-room: drawing at ${size} px, one thread`, (1000 * states.length) / ms, 'frames/s'));
  }
  for (const frameEvery of [5, 1]) {
    const dir = mkdtempSync(join(tmpdir(), 'premotor-bench-'));
    const { frames, elapsedMs } = await collect({
      task,
      dir,
      episodes: frameEvery === 1 ? 200 : 800,
      seed: 1,
      policy: 'explore',
      frameEvery,
    });
    rmSync(dir, { recursive: true });
    const name = `two-room: collecting at 64 px, 2 workers, a frame every ${frameEvery === 1 ? 'step' : '5 steps'}`;
    rows.push(row(name, (1000 * frames) / elapsedMs, 'frames/s', { name: 'goal', value: 3000 }));
  }
  return rows;
}
