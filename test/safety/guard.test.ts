import { map, NEVER, type Observable, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Clock, virtualClock } from '../../src/clock.ts';
import type { Action, ActionSpec, Observation } from '../../src/drivers/driver.ts';
import { frameWatch } from '../../src/safety/frame-watch.ts';
import type { Hold, Verdict, Wish } from '../../src/safety/gate.ts';
import { type GuardOptions, guard } from '../../src/safety/guard.ts';
import { interlock } from '../../src/safety/interlock.ts';
import { marbles } from '../support/marbles.ts';

const spec: ActionSpec = { low: [-1], high: [1], rest: [0], maxRate: [Number.POSITIVE_INFINITY], names: ['v'] };
const actions: Record<string, Action> = {
  g: [0.5],
  h: [-0.25],
  b: [9],
  n: [Number.NaN],
  i: [Number.POSITIVE_INFINITY],
  w: [0.1, 0.2],
  x: [],
};
/** Good ones are themselves, clamped is c, resting is a letter of why. */
const letter = ({ action, reason }: Verdict) => {
  if (reason === 'clamped') return action[0] === 1 ? 'c' : '?';
  if (reason === 'as wished') return action[0] === 0.5 ? 'g' : 'h';
  const why: Partial<Record<Verdict['reason'], string>> = {
    silence: 's',
    'stale frame': 'f',
    'e-stop': 'e',
    disarmed: 'd',
    paused: 'p',
    'mind lost': 'm',
    end: 'z',
    'not finite': 'n',
    'wrong length': 'w',
  };
  return action[0] === 0 && action.length === 1 ? why[reason] : '?';
};
/** What is wished now, for as long as may be. */
const wishes = (clock: Clock) => (actions$: Observable<Action>) =>
  actions$.pipe(map((action): Wish => ({ action, untilMs: Number.POSITIVE_INFINITY, seenMs: clock.now() })));

/** `streams`: what comes of wishes, frames, pauses (p, r), losses and buttons; what leaves. */
function draws(
  streams: { in: string; frames?: string; paused?: string; lost?: string; buttons?: string; out: string },
  options: Partial<GuardOptions> = {},
) {
  marbles(({ hot, expectObservable }, clock) => {
    const watch = frameWatch({ staleMs: 8, identicalMs: Number.POSITIVE_INFINITY });
    const see = (): Observation => {
      const seen = {
        timeMs: clock.now(),
        action: [0],
        frames: { eye: { width: 1, height: 1, data: new Uint8Array(3) } },
      };
      watch.see(seen, clock.now());
      return seen;
    };
    const on: Hold = { reason: 'paused', on: true };
    const lock = interlock({ clock });
    if (streams.buttons)
      hot(streams.buttons).subscribe((button) => {
        if (button === 'a') void lock.arm('test');
        if (button === 'p') lock.press('test');
        if (button === 'r') lock.reset(lock.state.epoch, 'test');
      });
    const watched = {
      ...(streams.frames ? { seen$: hot(streams.frames).pipe(map(see)), watch } : {}),
      ...(streams.paused ? { holds$: hot(streams.paused, { p: on, r: { ...on, on: false } }) } : {}),
      ...(streams.lost ? { lost$: hot(streams.lost) } : {}),
      ...(streams.buttons ? { interlock: lock } : {}),
    };
    const out$ = hot(streams.in, actions).pipe(
      wishes(clock),
      guard(spec, { clock, silenceMs: 5, ...watched, ...options }),
      map(letter),
    );
    expectObservable(out$).toBe(streams.out);
  });
}

describe('the guard', () => {
  test('lets good actions pass, brings others into the limits', () =>
    draws({
      in: ' g-h-b-g-|',
      out: 'g-h-c-g-(z|)',
    }));

  test('rests after silence, once, and goes on with the next action', () =>
    draws({
      in: ' g--g----------h---',
      out: 'g--g----s-----h----s',
    }));

  test('rests on what is no number and on what has the wrong length, and goes on with the next good action', () =>
    draws({
      in: ' g-n-g-i-g-w-g-x-g-|',
      out: 'g-n-g-n-g-w-g-s-g-(z|)',
    }));

  test('rests when no frame comes, whatever is wished, until one does', () =>
    draws({
      in: '    -g-g-g-g-g-g-g-g-g-|',
      frames: '--f-----------f----',
      out: '   f--g-g-g-gf----g-g-(z|)'.trim(),
    }));

  test('a hold: rests at once, hears nothing until it is lifted, and forgets what was wished before', () =>
    draws({
      in: '    g-g-g-g-g-----g-|',
      paused: '---p------r---------',
      out: '   g-gp----------g-(z|)'.trim(),
    }));

  test('boots disarmed, and stays so whatever is wished', () =>
    draws({ in: 'g-g-g-|', buttons: '-', out: 'd-----(z|)' }));

  test('repeats what is in force, and why, by the clock', () =>
    marbles(({ cold, flush }, clock) => {
      const said: string[] = [];
      const g = { g: [0.5] };
      const out$ = cold('-g---------|', g).pipe(wishes(clock), guard(spec, { clock, silenceMs: 5, everyMs: 2 }));
      out$.subscribe((verdict) => said.push(`${verdict.timeMs}${letter(verdict)}`));
      flush();
      expect(said).toEqual(['0s', '1g', '2g', '4g', '6s', '6s', '8s', '10s', '11z']); // at 6 the wish ends, and it is time again
    }));

  test('rests at once when the mind is lost', () =>
    draws({
      in: '  g--------h-|',
      lost: '-l----------',
      out: ' gm-------h-(z|)'.trim(),
    }));

  test('held for too long, it is disarmed, also when the hold ends before a late timer has told', async () => {
    const real = virtualClock();
    const lateMs = 500;
    const clock: Clock = {
      ...real,
      schedule: ((work: () => void, ms = 0) =>
        real.schedule(work, ms === 10_000 ? ms + lateMs : ms)) as Clock['schedule'],
    };
    const lock = interlock({ clock });
    const holds$ = new Subject<Hold>();
    const subscription = NEVER.pipe(guard(spec, { clock, interlock: lock, holds$ })).subscribe();
    await lock.arm('test');
    for (const [heldMs, armed] of [
      [9900, true],
      [10_100, false],
    ] as const) {
      holds$.next({ reason: 'paused', on: true });
      await real.advance(heldMs);
      expect(lock.state.armed).toBe(true);
      holds$.next({ reason: 'paused', on: false });
      expect(lock.state.armed).toBe(armed);
    }
    subscription.unsubscribe();
  });

  test('the last word is rest: at the end, on error', () => {
    draws({ in: 'g--|', out: 'g--(z|)' });
    draws({ in: 'g--#', out: 'g--(z#)' });
    draws({ in: '-#', out: '-(z#)' });
    draws({ in: 'g---', paused: '--#', out: 'g-(z#)' });
  });
});

describe('a spec that cannot be kept is a mistake at once', () => {
  test.each([
    [{ high: [1, 1] }, /high must have 1 entries, got 2/],
    [{ rest: [2] }, /rest\[0\] must be a number in \[-1, 1\], got 2/],
    [{ rest: [Number.NaN] }, /got NaN/],
    [{ low: [Number.NaN] }, /rest\[0\]/],
    [{ maxRate: [-1] }, /maxRate\[0\] must be at least 0, got -1/],
    [{ maxAcceleration: [Number.NaN] }, /maxAcceleration\[0\] must be at least 0, got NaN/],
    [{ deadBand: [] }, /deadBand must have 1 entries, got 0/],
  ])('%o', (wrong, message) => {
    const clock = {} as Clock;
    expect(() => guard({ ...spec, ...wrong }, { clock })).toThrow(message);
  });
});
