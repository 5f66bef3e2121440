import { BehaviorSubject, map, Subject, startWith, switchMap, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { worldDriver } from '../../sim/world-driver.ts';
import { body } from '../../src/agent/body.ts';
import type { Goal } from '../../src/agent/goal.ts';
import { type Mind, mind } from '../../src/agent/mind.ts';
import type { OpenMind } from '../../src/agent/mind-module.ts';
import { type Replayed, type RunEvent, type RunFacts, replay } from '../../src/agent/replay.ts';
import { run } from '../../src/agent/run.ts';
import { realClock, virtualClock } from '../../src/clock.ts';
import type { Recorded } from '../../src/data/recording.ts';
import type { Frame } from '../../src/drivers/driver.ts';
import { DamagedRecording } from '../../src/errors.ts';
import type { Imagination } from '../../src/planner/imagination.ts';
import { seeded } from '../../src/random.ts';
import type { Hold } from '../../src/safety/gate.ts';
import { type Dot, dotFrame, dotImagination, dotWorld, plainCem } from '../support/dot.ts';

const spec = { ...dotWorld.actionSpec, maxRate: [4, 4] };
const facts: RunFacts = { spec, silenceMs: 200, seed: 3, checkpoint: 'dot', model: 'none' };

/** The dot's model, made to mind its whole context: what was seen and done before counts too, to the bit. */
function lookingBack(): Imagination {
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

/** Ever quicker toward the goal. */
const onward: OpenMind['warmStart'] = async ({ latents }, goal, plan) => ({
  ...plan,
  mean: plan.mean.map((_, i) => (goal[i % 2]! - latents.at(-1)![i % 2]!) * (1 + i / 10)),
});

type Life = {
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
async function recorded(life: Life = {}) {
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
      options: { iterations: 4, refinementMs, ...(arrives && { warmStart: onward, arrival: async () => 1 }) },
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

let opened = 0;
const openWith = (more: Pick<OpenMind, 'warmStart'>) => async (): Promise<OpenMind> => {
  opened++;
  const dispose = async () => void opened--;
  return { imagination: lookingBack(), planner: plainCem(), engine: 'plain', ...more, dispose };
};
const open = openWith({});
async function* of(events: readonly Recorded[]) {
  yield* events;
}
const again = (events: readonly Recorded[], { arrives }: Life = {}) =>
  replay(of(events), arrives ? openWith({ warmStart: onward }) : open, realClock());
const enough = ({ plans, wishes, commands }: Replayed) => Math.min(plans.total, wishes.total, commands.total);
const allEqual = ({ plans, wishes, commands, difference }: Replayed) => {
  for (const { total, equal } of [plans, wishes, commands]) expect(equal).toBe(total);
  expect(difference).toBeUndefined();
};

/** The recording with one event of a kind changed: the last that `change` gives another for. */
function changed(events: readonly Recorded[], change: (event: Recorded) => Recorded | undefined): Recorded[] {
  const at = events.findLastIndex((event) => change(event) !== undefined);
  expect(at).toBeGreaterThan(0);
  return events.map((event, i) => (i === at ? change(event)! : event));
}
const told =
  <K extends RunEvent['kind']>(
    kind: K,
    change: (event: Extract<RunEvent, { kind: K }>) => RunEvent | undefined,
  ): ((event: Recorded) => Recorded | undefined) =>
  (given) => {
    if (given.kind !== 'event' || given.event.kind !== kind) return undefined;
    const event = change(given.event as unknown as Extract<RunEvent, { kind: K }>);
    return event && { kind: 'event', timeMs: given.timeMs, event };
  };

describe('a recorded run, run again, is the same to the bit', () => {
  test.each<[string, Life]>([
    ['as it went', {}],
    ['with thoughts that took as long as the model looks back', { refinementMs: 55, framesMs: 20, untilMs: 4000 }],
    ['with a link that was lost', { lostMs: 700 }],
    ['with a mind that was lost and began anew', { restartMs: 720 }],
    ['with a mind that began anew, heard after it was told of', { restartMs: 735, heardMs: 50 }],
    ['with another goal in between', { newGoalMs: 733 }],
    ['with plans that were carried out', { arrives: true }],
  ])('%s', async (_, life) => {
    const made = await again(await recorded(life), life);
    allEqual(made);
    expect(enough(made)).toBeGreaterThan(4);
  });

  test('and is not, where a plan that was carried out is taken for one that was made', async () => {
    const events = await recorded({ arrives: true });
    const { plans, difference } = await again(
      changed(
        events,
        told('thought', (event) =>
          event.thought.kept ? { ...event, thought: { ...event.thought, kept: false } } : undefined,
        ),
      ),
      { arrives: true },
    );
    expect(plans.equal).toBe(plans.total - 1);
    expect(difference).toMatch(/^plans at /);
  });

  test('as far as it goes, wherever it was cut off', async () => {
    const events = await recorded({ restartMs: 400 });
    for (let length = 1; length < events.length; length += 37) allEqual(await again(events.slice(0, length)));
  });

  test('and progress is told by the plan', async () => {
    const told: number[] = [];
    const { plans } = await replay(of(await recorded()), open, realClock(), (count) => told.push(count));
    expect(told.at(-1)).toBeGreaterThanOrEqual(plans.total - 1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});

describe('what was altered is noticed', () => {
  test('a frame', async () => {
    const events = await recorded();
    const made = await again(
      changed(
        events.slice(0, -60),
        (
          event, // the last frames are not thought about any more
        ) => (event.kind === 'frame' && event.name !== 'goal' ? { ...event, frame: dotFrame([0.9, 0.1]) } : undefined),
      ),
    );
    expect(made.plans.equal).toBeLessThan(made.plans.total);
    expect(made.difference).toMatch(/^plans at /);
    expect(made.commands.equal).toBe(made.commands.total);
  });

  test('the goal', async () => {
    const made = await again(
      changed(await recorded(), (event) =>
        event.kind === 'frame' && event.name === 'goal' ? { ...event, frame: dotFrame([0, 0]) } : undefined,
      ),
    );
    expect(made.difference).toMatch(/^plans at /);
  });

  test('a wish', async () => {
    const made = await again(
      changed(
        await recorded(),
        told('gate', ({ timeMs, kind, event }) =>
          event.kind === 'wish' && event.wish.action.length > 0
            ? { timeMs, kind, event: { ...event, wish: { ...event.wish, action: [0.123, 0] } } }
            : undefined,
        ),
      ),
    );
    expect(made.wishes.equal).toBe(made.wishes.total - 1);
    expect(made.commands.equal).toBeLessThan(made.commands.total);
  });

  test.each([
    ['a little', (value: number) => value + 1e-12],
    ['by its sign of zero', () => -0],
  ])('a command, %s', async (_, change) => {
    const made = await again(
      changed(
        await recorded({ lostMs: 1400 }),
        told('verdict', (event) => ({
          ...event,
          verdict: { ...event.verdict, action: event.verdict.action.map(change) },
        })),
      ),
    );
    expect(made.commands.equal).toBe(made.commands.total - 1);
    expect(made.difference).toMatch(/^commands at /);
  });

  test('its seed', async () => {
    const [header, ...rest] = await recorded();
    const other = { ...header, header: { ...(header as { header: object }).header, facts: { ...facts, seed: 4 } } };
    expect((await again([other as Recorded, ...rest])).difference).toMatch(/^plans at /);
  });
});

describe('what cannot be run again says why, and leaves nothing open', () => {
  const without = (events: readonly Recorded[], drop: (event: Recorded) => boolean) =>
    events.filter((event) => !drop(event));

  test.each<[string, (events: Recorded[]) => readonly Recorded[], RegExp]>([
    ['no header', (events) => events.slice(1), /has no header/],
    [
      'a session that was no run',
      ([header]) => [{ ...header, header: { robot: 'dot' } } as unknown as Recorded],
      /is of no run/,
    ],
    [
      'a goal without a picture',
      (events) => without(events, (event) => event.kind === 'frame' && event.name === 'goal'),
      /tells of a goal, and shows none/,
    ],
    [
      'no goal',
      (events) => without(events, (event) => event.kind === 'event' && event.event.kind === 'goal'),
      /lacks what was thought about/,
    ],
    [
      'a frame that is missing',
      (events) => without(events, (event) => event.kind === 'frame' && event.name !== 'goal'),
      /lacks the frame of .* ms, which was thought about/,
    ],
  ])('%s', async (_, change, message) => {
    const failure = await again(change(await recorded({ untilMs: 400 }))).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DamagedRecording);
    expect((failure as Error).message).toMatch(message);
    expect(opened).toBe(0);
  });

  test('nor does a run that went well', async () => {
    await again(await recorded({ untilMs: 400 }));
    expect(opened).toBe(0);
  });
});
