import { BehaviorSubject, map, Subject, startWith, switchMap, timer } from 'rxjs';
import { worldDriver } from '../../sim/world-driver.ts';
import { body } from '../../src/agent/body.ts';
import type { Goal } from '../../src/agent/goal.ts';
import { type Mind, mind } from '../../src/agent/mind.ts';
import type { OpenMind } from '../../src/agent/mind-module.ts';
import type { RunEvent, RunFacts } from '../../src/agent/replay.ts';
import { run } from '../../src/agent/run.ts';
import { virtualClock } from '../../src/clock.ts';
import type { Recorded } from '../../src/data/recording.ts';
import type { Frame } from '../../src/drivers/driver.ts';
import type { Imagination } from '../../src/planner/imagination.ts';
import { seeded } from '../../src/random.ts';
import type { Hold } from '../../src/safety/gate.ts';
import { type Dot, dotFrame, dotImagination, dotWorld, plainCem } from './dot.ts';

const spec = { ...dotWorld.actionSpec, maxRate: [4, 4] };
export const facts: RunFacts = { spec, silenceMs: 200, seed: 3, checkpoint: 'dot', model: 'none' };

/** The dot's model, made to mind its whole context: what was seen and done before counts too, to the bit. */
export function lookingBack(): Imagination {
  const dot = dotImagination();
  return {
    ...dot,
    score: (context, goal) => {
      const cost = dot.score(context, goal);
      const past = [...context.latents, ...context.blocks].reduce((sum, part) => sum * 0.9 + part[0]! + part[1]!, 0);
      return async (candidates) => {
        const costs = await cost(candidates);
        const size = candidates.length / costs.length;
        return costs.map((value, s) => value + 0.1 * Math.abs(candidates[s * size]! - past));
      };
    },
  };
}

/** Ever quicker toward the goal, which it is sure to reach. */
export const onward: OpenMind['warmStart'] = async ({ latents }, goal, plan) => ({
  plan: { ...plan, mean: plan.mean.map((_, i) => (goal[i % 2]! - latents.at(-1)![i % 2]!) * (1 + i / 10)) },
  arrival: 1,
});

export type Life = {
  readonly untilMs?: number;
  /** Time of a refinement; a thought has four. */
  readonly refinementMs?: number;
  readonly framesMs?: number;
  /** When a new mind takes over; when another goal is set; when the link is lost for 100 ms. */
  readonly restartMs?: number;
  /** How long a new mind is told of before it is heard. */
  readonly heardMs?: number;
  readonly newGoalMs?: number;
  readonly lostMs?: number;
  /** Every plan is imagined to arrive, and carried out. */
  readonly arrives?: boolean;
};

/** A dot's life in virtual time, and all that a recording of it tells, in order. */
export async function recorded(life: Life = {}) {
  const { untilMs = 1500, refinementMs = 5, framesMs = 50, restartMs, heardMs = 0, newGoalMs, lostMs, arrives } = life;
  const clock = virtualClock();
  const events: Recorded[] = [];
  const note = (event: RunEvent) => events.push({ kind: 'event', timeMs: event.timeMs, event });
  const show = (name: string, timeMs: number, frame: Frame) => events.push({ kind: 'frame', name, timeMs, frame });
  const header = { timeMs: 0, wallMs: 1.7e12, robot: 'dot', actionNames: ['vx', 'vy'], facts };
  events.push({ kind: 'header', timeMs: 0, header });

  const goal$ = new BehaviorSubject<Goal>({ frame: dotFrame([0.8, 0.6]) });
  goal$.subscribe((goal) => {
    if ('frame' in goal) show('goal', clock.now(), goal.frame);
    if (clock.now() > 0) note({ kind: 'goal', timeMs: clock.now() });
  });
  const restarts$ = new Subject<void>();
  const holds$ = new Subject<Hold>();
  const one = (): Mind => {
    const imagination = lookingBack();
    const seenMs: number[] = [];
    const timeMs = clock.now();
    note({ kind: 'mind', timeMs, engine: 'plain', model: undefined });
    note({ kind: 'goal', timeMs });
    return mind({
      imagination,
      planner: plainCem(),
      goal$,
      clock,
      random: seeded(facts.seed),
      options: { iterations: 4, refinementMs, ...(arrives && { warmStart: onward }) },
      watch: {
        onContext: ({ timeMs }) => seenMs.push(timeMs),
        onThought: ({ context, refinements, kept }) => {
          const thought = { timeMs: context.timeMs, refinements, kept, seenMs: seenMs.splice(0) };
          note({ kind: 'thought', timeMs: clock.now(), thought });
        },
      },
    });
  };
  const minds: Mind = (seen$) =>
    restarts$.pipe(
      startWith(undefined),
      map(one),
      switchMap((mind) => timer(heardMs, clock).pipe(switchMap(() => seen$.pipe(mind)))),
    );

  const driver = worldDriver(dotWorld, { start: [0.1, 0.2] as Dot, size: 1, clock, periodMs: framesMs });
  const agent = body(minds, spec, {
    clock,
    holds$,
    silenceMs: facts.silenceMs,
    everyMs: 50,
    onSeen: ({ timeMs, frames, action }) => {
      for (const [name, frame] of Object.entries(frames)) show(name, timeMs, frame);
      note({ kind: 'seen', timeMs, action });
    },
    onMotion: (motion) => note({ kind: 'motion', timeMs: clock.now(), motion }),
    onEvent: (event) => note({ kind: 'gate', timeMs: event.timeMs, event }),
    onVerdict: (verdict) => {
      note({ kind: 'verdict', timeMs: verdict.timeMs, verdict });
      events.push({ kind: 'command', timeMs: verdict.timeMs, action: verdict.action });
    },
  });
  const running = run(driver, agent).subscribe();
  const at = (ms: number | undefined, work: () => void) => ms !== undefined && clock.schedule(work, ms);
  at(restartMs, () => restarts$.next());
  at(newGoalMs, () => goal$.next({ frame: dotFrame([0.2, 0.9]) }));
  at(lostMs, () => holds$.next({ reason: 'link lost', on: true }));
  at(lostMs && lostMs + 100, () => holds$.next({ reason: 'link lost', on: false }));
  await clock.run(untilMs);
  running.unsubscribe();
  return events;
}
