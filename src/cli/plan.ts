import { motion } from '../agent/act.ts';
import { thinker } from '../agent/deliberate.ts';
import { understand } from '../agent/goal.ts';
import { openMind } from '../agent/load-mind.ts';
import { realClock } from '../clock.ts';
import type { Context } from '../perception/context.ts';
import { momentsIn } from '../planner/imagination.ts';
import { blankPlan } from '../planner/planner.ts';
import { seeded } from '../random.ts';
import type { PlanSettings } from './commands/plan.ts';
import { readPicture } from './goal-picture.ts';
import { taken } from './goal-words.ts';
import { planningOf } from './planning-options.ts';
import type { Outcome } from './verb.ts';

/** One plan from a picture to a picture: what would be done, and how near to the goal that is imagined to lead. Nothing moves. */
export async function planOnce(settings: PlanSettings): Promise<Outcome> {
  const { from, goal, say, checkpoint, engine, threads, seed, iterations } = settings;
  const mind = await openMind({ checkpoint, engine, threads, ...planningOf(settings) });
  try {
    const { imagination, planner, warmStart, aim } = mind;
    const { shape, novelty } = imagination;
    const here = readPicture(from, imagination.pictureSize!);
    const there = goal === undefined ? undefined : readPicture(goal, imagination.pictureSize!);
    const now = await imagination.see(here);
    const asked = there ? undefined : await understand(say!, now, imagination);
    const wished = asked?.latent ?? (await imagination.see(there!));
    const context: Context = { timeMs: 0, latents: [now], blocks: [] };
    const clock = realClock();
    const options = { clock, random: seeded(seed), iterations, warmStart, aim };
    const { plan, costs, elapsedMs } = await thinker(
      imagination,
      planner,
      wished,
      options,
    )(context, blankPlan(shape, 0), () => true);
    const imagined = momentsIn(await imagination.imagine(context, plan.mean), now.length);
    const distances = [now, ...imagined].map((latent) => imagination.distance(latent, wished));
    const { actions } = motion(plan, imagination);
    const strange = { from: novelty?.(here, now), goal: there && novelty?.(there, wished) };
    const [end] = (await imagination.say?.([imagined.at(-1)!])) ?? [];
    const blockMs = shape.frameskip * shape.periodMs;
    const unlike = (['from', 'goal'] as const).filter((name) => (strange[name] ?? 0) > 1);
    return {
      json: {
        checkpoint,
        actions,
        periodMs: shape.periodMs,
        distances,
        costs,
        planMs: elapsedMs,
        novelty: strange,
        asked: asked && { words: asked.words, sure: asked.sure },
        end,
      },
      summary: [
        ...actions.map(
          (action, step) =>
            `${String(step * shape.periodMs).padStart(6)} ms  ${action.map((value) => value.toFixed(3).padStart(8)).join(' ')}`,
        ),
        `latent distance from the goal: ${distances.map((distance, h) => `${distance.toFixed(1)} at ${h * blockMs} ms`).join(', ')}`,
        ...(asked ? [taken(asked)] : []),
        ...(end === undefined ? [] : [`imagined to end so: ${end}`]),
        `${costs.length} refinements in ${elapsedMs.toFixed(0)} ms; ${mind.engine}`,
        ...unlike.map(
          (name) =>
            `note: the picture --${name} is like nothing in training (${strange[name]!.toFixed(1)} times as far as ordinary ones)`,
        ),
      ],
    };
  } finally {
    await mind.dispose();
  }
}
