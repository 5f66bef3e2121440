import { NEVER } from 'rxjs';
import { describe, test } from 'vitest';
import { exhaustLatest } from '../../src/agent/exhaust-latest.ts';
import { marbles } from '../support/marbles.ts';

describe('exhaustLatest', () => {
  test.each([
    ['works on the first at once, then on the newest of those that came meanwhile', 'abcd------|', '---a--d---|'],
    ['never keeps more than one', 'a-----b-c-d-e|', '---a-----b--c--(e|)'],
    ['finishes what it works on, and what waits, before it ends', 'ab|', '---a--(b|)'],
    ['ends at once when idle', 'a----|', '---a-|'],
  ])('%s', (_, source, expected) =>
    marbles(({ hot, cold, expectObservable }) => {
      const work = (value: string) => cold('---(v|)', { v: value });
      expectObservable(hot(source).pipe(exhaustLatest(work))).toBe(expected);
    }),
  );

  test('passes errors on: of the source, of the work, of making the work', () =>
    marbles(({ hot, cold, expectObservable }) => {
      expectObservable(hot('a-#').pipe(exhaustLatest(() => NEVER))).toBe('--#');
      expectObservable(hot('a--').pipe(exhaustLatest(() => cold('-#')))).toBe('-#');
      const fails = () => {
        throw 'error';
      };
      expectObservable(hot('-a-').pipe(exhaustLatest(fails))).toBe('-#');
    }));

  test('stops the work when nobody listens any more', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const work = cold('---------a|');
      expectObservable(hot('-ab').pipe(exhaustLatest(() => work)), '^----!').toBe('------');
      expectSubscriptions(work.subscriptions).toBe('-^---!');
    }));
});
