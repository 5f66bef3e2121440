import { openEngine } from '../compute/open-engine.ts';
import { UsageError } from '../errors.ts';
import { momentsIn } from '../planner/imagination.ts';
import { openImagination } from '../planner/open-imagination.ts';
import { HORIZON, type Planner } from '../planner/planner.ts';
import { plannerNamed } from '../planner/planners.ts';
import { openReflexes, proposalsOf, reflexStart } from '../planner/reflexes.ts';
import { openSubgoals } from '../planner/subgoals.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import { learntFrom } from '../worldmodel/model.ts';
import type { MindModule, OpenMind } from './mind-module.ts';

/** Native code: refinements are too small to share, and the body has a core to itself. WebAssembly needs both. */
const THREADS = { native: 1, web: 2 };

/** A future is at the goal where it is no further from it than this share of nominal surprise, unless the checkpoint says otherwise: about as far as what is imagined is from what comes. */
const NEAR = 0.09;
/** What a reflex proposes is not looked at again. */
const content: Planner = async (plan) => plan;

/** Opens a checkpoint on an engine, and a planner. Nothing that runs a body may import this file. */
export const openMind: MindModule['openMind'] = async (options): Promise<OpenMind> => {
  const { checkpoint, engine: name = 'auto', threads = THREADS, periodMs } = options;
  const { samples = 64, elites, horizon = HORIZON, cost = 'auto', mode = 'auto' } = options;
  const { keepOut, keepIn, maxSpread, maxRate } = options;
  const model = loadCheckpoint(checkpoint);
  const { steady, near = NEAR } = model.config.planning ?? {};
  const planner = plannerNamed(options.planner ?? model.config.planning?.planner ?? 'cem');
  const engine = await openEngine({ engine: name, threads });
  try {
    const opened = await openImagination(engine, model, {
      ...{ samples, horizon, cost },
      ...(mode !== 'plan' && { proposals: proposalsOf(model.config) }),
      ...(keepOut && { keepOut }),
      ...(keepIn !== undefined && { keepIn }),
      ...(maxSpread !== undefined && { maxSpread }),
      ...(maxRate !== undefined && { maxRate }),
    });
    const shape = periodMs === undefined ? opened.shape : { ...opened.shape, periodMs };
    const subgoals = options.subgoals ? await openSubgoals(engine, model, horizon) : undefined;
    if (options.subgoals && !subgoals)
      throw new UsageError(`checkpoint ${checkpoint} has no critic or remembers nothing to aim at`, {
        hint: 'train with --critic-steps',
      });
    const reflexes = mode === 'plan' ? undefined : await openReflexes(engine, model, horizon);
    if (mode === 'reflex' && !reflexes)
      throw new UsageError(`checkpoint ${checkpoint} has no reflex`, { hint: 'train with --reflex-steps' });
    const there = near * (opened.nominalSurprise ?? Number.NEGATIVE_INFINITY);
    const warmStart: OpenMind['warmStart'] = async (context, goal, last) => {
      const score = imagination.score(context, goal); // with the weights of the thought's beginning
      const proposals = await reflexes!.propose(context, goal, last.mean);
      const { plan, latents } = await reflexStart(last, proposals, { shape, samples, steady }, score);
      const imagined = momentsIn(latents ?? (await imagination.imagine(context, plan.mean)), goal.length);
      const at = imagined.findIndex((moment) => imagination.distance(moment, goal) <= there);
      return { plan, arrival: at < 0 ? undefined : at + 1 };
    };
    const dispose = async () => {
      await reflexes?.dispose();
      await subgoals?.dispose();
      await opened.dispose();
      await engine.dispose();
    };
    const imagination = { ...opened, shape };
    return {
      imagination,
      planner: mode === 'reflex' ? content : planner(shape, { samples, ...(elites !== undefined && { elites }) }),
      engine: engine.name,
      model: model.hash,
      samples,
      trainedOn: learntFrom(model.config),
      ...(reflexes && { warmStart }),
      ...(subgoals && { aim: (context, goal) => subgoals.aim(context.latents.at(-1)!, goal) }),
      dispose,
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
};
