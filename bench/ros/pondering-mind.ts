import { setTimeout } from 'node:timers/promises';
import type { MindModule } from '../../src/agent/mind-module.ts';
import { dotImagination, plainCem } from '../../test/support/dot.ts';

// A mind whose plan takes 80 ms in ten refinements. What computes in a worker thread, as our engines do, leaves its process free
// to hear meanwhile; `busy` computes in the process itself, 8 ms at a time.

const REFINEMENT_MS = 8;

export const openMind: MindModule['openMind'] = async ({ checkpoint }) => {
  const { pictureSize: _, ...imagination } = dotImagination();
  const cem = plainCem();
  return {
    engine: 'none',
    dispose: async () => {},
    imagination,
    planner: async (...asked) => {
      const end = performance.now() + REFINEMENT_MS;
      const plan = await cem(...asked);
      if (checkpoint === 'busy') while (performance.now() < end);
      else await setTimeout(end - performance.now());
      return plan;
    },
  };
};
