import { setTimeout } from 'node:timers/promises';
import type { MindModule } from '../../src/agent/mind-module.ts';
import { dotImagination } from '../../test/support/dot.ts';

// A mind whose plan takes 80 ms in ten refinements, as one that computes in a worker thread: its process hears meanwhile.

const REFINEMENT_MS = 8;

export const openMind: MindModule['openMind'] = async () => {
  const { pictureSize: _, ...imagination } = dotImagination();
  return {
    engine: 'none',
    dispose: async () => {},
    imagination,
    planner: async (plan) => {
      await setTimeout(REFINEMENT_MS);
      return { ...plan, mean: plan.mean.map(() => 0.2) };
    },
  };
};
