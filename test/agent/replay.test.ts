import { describe, expect, test } from 'vitest';
import type { OpenMind } from '../../src/agent/mind-module.ts';
import { type Replayed, type RunEvent, replay } from '../../src/agent/replay.ts';
import { realClock } from '../../src/clock.ts';
import type { Recorded } from '../../src/data/recording.ts';
import { DamagedRecording } from '../../src/errors.ts';
import { dotFrame, plainCem } from '../support/dot.ts';
import { facts, type Life, lookingBack, onward, recorded } from '../support/dot-life.ts';

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
