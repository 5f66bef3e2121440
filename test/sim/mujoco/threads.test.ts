import { once } from 'node:events';
import { expect, it } from 'vitest';
import { loadMujoco, simulation } from '../../../sim/mujoco/mujoco.ts';
import { siblingWorker } from '../../../src/spawn.ts';
import { armModel } from './arm.ts';

it('threads have a MuJoCo each, and come to the same bits side by side', async () => {
  await loadMujoco();
  const here = simulation(armModel());
  const threads = [0, 1].map(() => siblingWorker(import.meta.url, 'stepper'));
  const answers = threads.map(async (thread) => (await once(thread, 'message'))[0] as number[]);
  for (const thread of threads) thread.postMessage(500);
  const there = await Promise.all(answers);
  const state = here.step(here.initial('bent'), [0.4, -0.2], 500);
  expect(there).toEqual([state, state]);
  for (const thread of threads) await thread.terminate();
  here.dispose();
});
