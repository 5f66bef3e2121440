import { setTimeout } from 'node:timers/promises';
import type { MindModule } from '../../src/agent/mind-module.ts';
import { PremotorError } from '../../src/errors.ts';
import { dotImagination, plainCem } from './dot.ts';

/** A mind for the dot. What `checkpoint` says befalls it: nothing, or a mishap at its start or after twenty refinements. */
export const openMind: MindModule['openMind'] = async ({ checkpoint, samples }) => {
  if (samples !== undefined && samples < 3) throw new RangeError(`samples must be at least 3, got ${samples}`);
  if (checkpoint === 'damaged')
    throw new PremotorError('checkpoint is damaged', { hint: 'make a new one', exitCode: 3 });
  if (checkpoint === 'slow') await setTimeout(60_000);
  const plan = plainCem();
  let refinements = 0;
  return {
    engine: 'plain arithmetic',
    ...(samples !== undefined && { samples }),
    dispose: async () => {},
    imagination: dotImagination(),
    planner: async (...args) => {
      await setTimeout(5);
      if (++refinements > 20) mishap(checkpoint);
      return plan(...args);
    },
  };
};

function mishap(kind: string): void {
  if (kind === 'throws') throw new Error('out of ideas');
  if (kind === 'rejects elsewhere') void Promise.reject(new Error('lost in thought'));
  if (kind === 'exits') process.exit(7);
  if (kind === 'loops') for (;;);
}
