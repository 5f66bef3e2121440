import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MindModule } from '../../src/agent/mind-module.ts';
import { dotImagination } from '../../test/support/dot.ts';

// A mind that always wants to go on, and can be made ill: SIGUSR2 sends it round in circles for ever, SIGHUP lets it collect
// garbage for two seconds.

/** Before the time, on a line of its own. */
export const BEGAN = 'began at ';
const COLLECT_MS = 2000;

/** Told at once, as writing to a pipe is: a process hears of a signal when it next looks. */
const began = () => process.stdout.write(`${BEGAN}${Number(process.hrtime.bigint()) / 1e6}\n`);

export const openMind: MindModule['openMind'] = async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => {
    began();
    for (;;);
  });
  process.on('SIGHUP', () => {
    const beganMs = performance.now();
    began();
    while (performance.now() - beganMs < COLLECT_MS) collect();
  });
  return {
    engine: 'none',
    dispose: async () => {},
    imagination: dotImagination(),
    planner: async (plan) => {
      await setTimeout(1);
      return { ...plan, mean: plan.mean.map((_, i) => (i % 2 === 0 ? 1 : 0.5)) };
    },
  };
};
