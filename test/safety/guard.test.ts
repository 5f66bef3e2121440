import fc from 'fast-check';
import { map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { Action, ActionSpec } from '../../src/drivers/driver.ts';
import { eStop } from '../../src/safety/e-stop.ts';
import { type GuardOptions, guard, type Verdict } from '../../src/safety/guard.ts';
import { marbles } from '../support/marbles.ts';

const spec: ActionSpec = { low: [-1], high: [1], rest: [0], maxRate: [Number.POSITIVE_INFINITY], names: ['v'] };
const wishes: Record<string, Action> = {
  g: [0.5],
  h: [-0.25],
  b: [9],
  n: [Number.NaN],
  i: [Number.POSITIVE_INFINITY],
  w: [0.1, 0.2],
  x: [],
};
/** Good ones are themselves, clamped is c, resting is the first letter of why. */
const letter = ({ action, reason }: Verdict) => {
  if (reason === 'clamped') return action[0] === 1 ? 'c' : '?';
  if (reason === 'as wished') return action[0] === 0.5 ? 'g' : 'h';
  const why = {
    silence: 's',
    'stale frame': 'f',
    'e-stop': 'e',
    'mind lost': 'm',
    end: 'z',
    'not finite': 'n',
    'wrong length': 'w',
  };
  return action[0] === 0 && action.length === 1 ? (why as Record<string, string>)[reason] : '?';
};

/** `streams`: what comes of wishes, frames, presses (p, r) and losses; what leaves. */
function draws(
  streams: { in: string; frames?: string; pressed?: string; lost?: string; out: string },
  options: Partial<GuardOptions> = {},
) {
  marbles(({ hot, expectObservable }, clock) => {
    const watch = {
      ...(streams.frames ? { frames$: hot(streams.frames) } : {}),
      ...(streams.pressed ? { pressed$: hot(streams.pressed, { p: true, r: false }) } : {}),
      ...(streams.lost ? { lost$: hot(streams.lost) } : {}),
    };
    const out$ = hot(streams.in, wishes).pipe(
      guard(spec, { clock, silenceMs: 5, staleMs: 8, ...watch, ...options }),
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
      out: 'g-n-g-n-g-w-g-w-g-(z|)',
    }));

  test('rests when no frame comes, whatever is wished, until one does', () =>
    draws({
      in: '    -g-g-g-g-g-g-g-g-g-|',
      frames: 'f-f-----------f----',
      out: '   -g-g-g-g-gf----g-g-(z|)'.trim(),
    }));

  test('e-stop: rests at once, hears nothing until it is reset, and forgets what was wished before', () =>
    draws({
      in: '     g-g-g-g-g-----g-|',
      pressed: '---p------r---------',
      out: '    g-ge----------g-(z|)'.trim(),
    }));

  test('changes no faster than allowed, as of what was in force before, however often it is told within a moment', () => {
    const slow = { ...spec, maxRate: [100] }; // 0.1 per ms
    marbles(({ hot, expectObservable }, clock) => {
      const wishes$ = hot('-----(ab)-c-|', { a: [1], b: [-1], c: [1] });
      const out$ = wishes$.pipe(
        guard(slow, { clock, silenceMs: 5 }),
        map(({ action, reason }) => [action[0], reason]),
      );
      expectObservable(out$).toBe('-----(ab)-c-(z|)', {
        a: [0.5, 'rate-limited'],
        b: [-0.5, 'rate-limited'],
        c: [0, 'rate-limited'],
        z: [0, 'end'],
      });
    });
  });

  test('rests at once when the mind is lost', () =>
    draws({
      in: '  g--------h-|',
      lost: '-l----------',
      out: ' gm-------h-(z|)'.trim(),
    }));

  test('the last word is rest: at the end, on error', () => {
    draws({ in: 'g--|', out: 'g--(z|)' });
    draws({ in: 'g--#', out: 'g--(z#)' });
    draws({ in: '-#', out: '-(z#)' });
    draws({ in: 'g---', pressed: '--#', out: 'g-(z#)' });
  });
});

test('an e-stop stays pressed until it is reset, and tells changes only', () => {
  const button = eStop();
  const told: boolean[] = [];
  button.pressed$.subscribe((pressed) => told.push(pressed));
  button.press();
  button.press();
  button.reset();
  button.reset();
  button.press();
  expect(told).toEqual([false, true, false, true]);
});

test('whatever is wished: finite, within the limits, no faster than allowed unless it rests', () => {
  const axis = fc.record({
    low: fc.double({ min: -5, max: 0, noNaN: true }),
    high: fc.double({ min: 0, max: 5, noNaN: true }),
    maxRate: fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
  });
  const wish = fc.record({
    afterMs: fc.integer({ min: 0, max: 400 }),
    action: fc.array(fc.double(), { minLength: 0, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), fc.array(wish, { maxLength: 12 }), (axes, script) => {
      const spec: ActionSpec = {
        low: axes.map(({ low }) => low),
        high: axes.map(({ high }) => high),
        maxRate: axes.map(({ maxRate }) => maxRate),
        rest: axes.map(() => 0),
        names: axes.map((_, i) => `${i}`),
      };
      const verdicts = play(spec, script);
      let said: Verdict = { timeMs: 0, action: spec.rest, reason: 'end' };
      let before: Verdict = { ...said, timeMs: -200 }; // what was in force until then
      for (const verdict of verdicts) {
        if (verdict.timeMs > said.timeMs) before = said;
        const dt = Math.min(200, verdict.timeMs - before.timeMs) / 1000;
        expect(verdict.action).toHaveLength(axes.length);
        verdict.action.forEach((value, i) => {
          expect(value >= spec.low[i]! && value <= spec.high[i]!).toBe(true);
          const step = spec.maxRate[i] === Number.POSITIVE_INFINITY ? 10 : spec.maxRate[i]! * dt;
          if (verdict.action !== spec.rest)
            expect(Math.abs(value - before.action[i]!)).toBeLessThanOrEqual(step + 1e-9);
        });
        said = verdict;
      }
      expect(verdicts.at(-1)!.action).toEqual(spec.rest);
    }),
    { numRuns: 200 },
  );
});

function play(spec: ActionSpec, script: readonly { afterMs: number; action: Action }[]): Verdict[] {
  const verdicts: Verdict[] = [];
  marbles(({ cold }, clock: Clock) => {
    const names = 'abcdefghijklmnop';
    const line = script.map(({ afterMs }, i) => `${afterMs}ms ${names[i]}`).join(' ');
    const values = Object.fromEntries(script.map(({ action }, i) => [names[i]!, action]));
    cold<Action>(`${line} |`, values)
      .pipe(guard(spec, { clock }))
      .subscribe((verdict) => verdicts.push(verdict));
  });
  return verdicts;
}

describe('a spec that cannot be kept is a mistake at once', () => {
  test.each([
    [{ high: [1, 1] }, /high must have 1 entries, got 2/],
    [{ rest: [2] }, /rest\[0\] must be a number in \[-1, 1\], got 2/],
    [{ rest: [Number.NaN] }, /got NaN/],
    [{ low: [Number.NaN] }, /rest\[0\]/],
    [{ maxRate: [-1] }, /maxRate\[0\] must be at least 0, got -1/],
  ])('%o', (wrong, message) => {
    const clock = {} as Clock;
    expect(() => guard({ ...spec, ...wrong }, { clock })).toThrow(message);
  });
});
