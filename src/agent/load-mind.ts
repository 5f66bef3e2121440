import { openEngine } from '../compute/open-engine.ts';
import { cem } from '../planner/cem.ts';
import { openImagination } from '../planner/open-imagination.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import type { MindModule, OpenMind } from './mind-module.ts';

/** Native code: refinements are too small to share, and the body has a core to itself. WebAssembly needs both. */
const THREADS = { native: 1, web: 2 };

/** Opens a checkpoint on an engine, and plans with the cross-entropy method. Nothing that runs a body may import this file. */
export const openMind: MindModule['openMind'] = async (options): Promise<OpenMind> => {
  const { checkpoint, engine: name = 'auto', threads = THREADS, periodMs } = options;
  const { samples = 64, elites = 8, horizon = 5, cost = 'auto' } = options;
  const model = loadCheckpoint(checkpoint);
  const engine = await openEngine({ engine: name, threads });
  try {
    const opened = await openImagination(engine, model, { samples, horizon, cost });
    const shape = periodMs === undefined ? opened.shape : { ...opened.shape, periodMs };
    const dispose = async () => {
      await opened.dispose();
      await engine.dispose();
    };
    const imagination = { ...opened, shape };
    return {
      imagination,
      planner: cem(shape, { samples, elites }),
      engine: engine.name,
      model: model.hash,
      trainedOn: model.config.data,
      dispose,
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
};
