import { map } from 'rxjs';
import { expect, test } from 'vitest';
import { pulse } from '../src/pulse.ts';
import { marbles } from './support/marbles.ts';

/** Answers by count; what is told: o(k) or h(angs). */
const beats = (answers: string, expected: string) =>
  marbles(({ hot, expectObservable }, clock) => {
    const answers$ = hot(answers).pipe(map(Number));
    const told$ = pulse(() => {}, answers$, { clock, everyMs: 4, hangMs: 8 }).pipe(
      map(({ hangs }) => (hangs ? 'h' : 'o')),
    );
    expectObservable(told$, '^------------------!').toBe(expected);
  });

test('answered, it is well', () => beats('-1---2---3---4---5-', 'oo--oo--oo--oo--oo-'));
test('unanswered for too long, it hangs until it answers', () => beats('-1-------------4---', 'oo--o---o---h--oo--'));
test('answered ever later, it hangs', () => beats('-1--------2------3-', 'oo--o---o-o-o---ho-'));
test('answers of before, and answers to what was not asked, count for nothing', () =>
  beats('-1-1-1-1-9-1-1-----', 'oo--o---o---h---h--'));

test('asks by count', () =>
  marbles(({ hot, flush }, clock) => {
    const asked: number[] = [];
    const watch = pulse((count) => asked.push(count), hot('-'), { clock, everyMs: 4, hangMs: 8 }).subscribe();
    clock.schedule(() => watch.unsubscribe(), 10);
    flush();
    expect(asked).toEqual([1, 2, 3]);
  }));

test('who slept himself does not hold it against the other', () =>
  marbles(({ hot, flush }, clock) => {
    let sleptMs = 0;
    const told: number[] = [];
    const drowsy = { ...clock, now: () => clock.now() + sleptMs };
    const options = { clock: drowsy, everyMs: 4, hangMs: 8 };
    const watch = pulse(() => {}, hot('-1-------').pipe(map(Number)), options).subscribe(({ owedMs }) =>
      told.push(owedMs),
    );
    clock.schedule(() => {
      sleptMs = 1000;
    }, 6);
    clock.schedule(() => watch.unsubscribe(), 14);
    flush();
    expect(told).toEqual([0, 0, 0, 4, 8]);
  }));
