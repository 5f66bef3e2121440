import { fileURLToPath } from 'node:url';
import { findTask } from '../sim/tasks.ts';
import { summarise } from '../sim/timing.ts';
import { openEngine } from '../src/compute/open-engine.ts';
import { cem } from '../src/planner/cem.ts';
import { openImagination } from '../src/planner/open-imagination.ts';
import { blankPlan } from '../src/planner/planner.ts';
import { seeded } from '../src/random.ts';
import { loadCheckpoint } from '../src/worldmodel/checkpoint.ts';
import { type Row, row, timed } from './row.ts';

/** One whole plan with the shipped checkpoint, the frame's encoding included. */
export async function benchPlanning(): Promise<Row[]> {
  const checkpoint = loadCheckpoint(fileURLToPath(new URL('../checkpoints/two-room', import.meta.url)));
  const task = findTask('two-room');
  const world = task.world();
  const random = seeded(3);
  const [here, there] = [world.reset(random), world.reset(random)];
  const rows: Row[] = [];
  for (const name of ['onnx', 'onnx-web'] as const) {
    const engine = await openEngine({ engine: name, threads: { native: 1, web: 2 } });
    const imagination = await openImagination(engine, checkpoint);
    const planner = cem(imagination.shape);
    const size = checkpoint.config.imageSize;
    const goal = await imagination.see(world.render(there, size));
    const frame = world.render(here, size);
    const times = await timed(100, async () => {
      const latent = await imagination.see(frame);
      const score = imagination.score({ timeMs: 0, latents: [latent], blocks: [] }, goal);
      let plan = blankPlan(imagination.shape, 0);
      for (let i = 0; i < 10; i++) plan = await planner(plan, score, random);
    });
    const { mean, p50, p95, p99 } = summarise(times);
    rows.push(row(`plan (encode, 10 x 64 candidates x 5 blocks), ${name}: p50`, p50, 'ms'));
    rows.push(row(`the same: p95`, p95, 'ms'), row(`the same: p99`, p99, 'ms'));
    rows.push(row(`replans, ${name}`, 1000 / mean, 'per second', { name: 'goal', value: 10 }));
    await imagination.dispose();
    await engine.dispose();
  }
  return rows;
}
