import { map } from 'rxjs';
import { expect, test } from 'vitest';
import { type ActOptions, act, type Motion, motion, silence } from '../../src/agent/act.ts';
import { blankPlan } from '../../src/planner/planner.ts';
import { dotImagination } from '../support/dot.ts';
import { marbles } from '../support/marbles.ts';

/** Three actions, 3 ms each, from `timeMs` on: a, b, c or x, y, z. */
const from = (timeMs: number, letters: string): Motion => ({
  timeMs,
  periodMs: 3,
  actions: [...letters].map((letter) => [letter.charCodeAt(0)]),
});

const draws = (motions: string, values: Record<string, Motion>, expected: string, options: Partial<ActOptions> = {}) =>
  marbles(({ hot, expectObservable }, clock) => {
    const played$ = hot(motions, values).pipe(
      act({ clock, ...options }),
      map(({ action: [code] }) => String.fromCharCode(code!)),
    );
    expectObservable(played$).toBe(expected);
  });

test('plays a motion by the clock, then leaves silence', () =>
  draws('m-------------', { m: from(0, 'abc') }, 'a--b--c-------'));

test('a motion that comes late is played from now on, in step with its own time', () =>
  draws('----m---------', { m: from(0, 'abc') }, '----b-c-------'));

test('a fresh motion takes over at once', () =>
  draws('m---n---------', { m: from(0, 'abc'), n: from(3, 'xyz') }, 'a--bx-y--z----'));

test('a motion that comes after its end is not played', () =>
  draws('---------m----', { m: from(0, 'abc') }, '--------------'));

test('a motion is played no longer than its tail', () =>
  draws('m-------------', { m: from(0, 'abc') }, 'a--b----------', { tailMs: 5 }));

test('a motion that answers what was seen too long ago is dropped', () =>
  draws('m---n---------', { m: from(0, 'abc'), n: from(0, 'xyz') }, 'a--b--c-------', { lateMs: 3 }));

test('tells until when an action may be in force, and what it answers', () =>
  marbles(({ hot, expectObservable }, clock) => {
    const wishes$ = hot('-m---', { m: from(0, 'a') }).pipe(act({ clock, tailMs: 9 }));
    expectObservable(wishes$).toBe('-w---', { w: { action: [97], untilMs: 3, seenMs: 0 } });
  }));

test('nothing to say ends what is played', () =>
  marbles(({ hot, expectObservable }, clock) => {
    const wishes$ = hot('m-s-----', { m: from(0, 'abc'), s: silence }).pipe(act({ clock }));
    expectObservable(wishes$.pipe(map(({ action, untilMs }) => [action, untilMs]))).toBe('a-n-----', {
      a: [[97], 9],
      n: [[], 2],
    });
  }));

test('a motion that answers less than the one before, or the future, is dropped', () =>
  draws('--m---n-f-----', { m: from(2, 'abc'), n: from(1, 'xyz'), f: from(20, 'xyz') }, '--a--b--c-----'));

test('a plan becomes a motion in robot units', () => {
  const imagination = dotImagination();
  const plan = { ...blankPlan(imagination.shape, 70), mean: Float32Array.from({ length: 12 }, (_, i) => i) };
  const { timeMs, periodMs, actions } = motion(plan, imagination);
  expect([timeMs, periodMs]).toEqual([70, 50]);
  expect(actions).toEqual([
    [0, 0.5],
    [1, 1.5],
    [2, 2.5],
    [3, 3.5],
    [4, 4.5],
    [5, 5.5],
  ]);
});
