import { describe, expect, it } from 'vitest';
import { inWords } from '../../src/page/web/in-words.ts';
import { blank, hear, type State } from '../../src/page/web/state.ts';
import { snapshotAt } from './plausible.ts';

/** What is known after snapshots a second apart. */
const having = (...snapshots: Partial<ReturnType<typeof snapshotAt>>[]): State =>
  snapshots.reduce<State>((state, told, second) => {
    const calm = { surprise: 0, planMs: 50, reason: '', phase: 'running', goalIndex: 0 };
    const snapshot = { ...snapshotAt(0), ...calm, timeMs: 1000 * second, ...told };
    return hear(state, JSON.stringify({ kind: 'snapshot', snapshot }));
  }, blank);
const going = (...distances: number[]) => having(...distances.map((distance) => ({ distance, surpriseLimit: 10 })));

describe('what goes on, in words', () => {
  it.each([
    ['sets out', going(9, 8, 7), 'It sets out for its goal.'],
    ['comes nearer', going(9, 8, 7, 6), 'It comes nearer to its goal.'],
    ['is stuck', going(9, 9, 9, 9.1), 'It comes no nearer to its goal: it is looking for a way.'],
    ['goes round', going(5, 6, 7, 8), 'It goes farther from its goal for now: a way round, or a way lost.'],
    ['is there', going(5, 0.9, 0.5, 0.6, 0.9), 'It is at its goal, as near as it can tell, and stays.'],
    ['has just come', going(5, 4, 3, 0.9), 'It comes nearer to its goal.'],
    ['rests', having({ reason: 'no picture for 300 ms' }), 'It would go on, but rests: no picture for 300 ms.'],
    [
      'is stopped',
      having({ phase: 'stopped', reason: 'e-stop' }),
      /^Somebody stopped it\. .* reset and armed again\.$/,
    ],
    ['waits to be armed', having({ phase: 'disarmed' }), /^It sees and plans, and moves nothing before/],
    ['is done', having({ phase: 'done', reached: 8, goals: 10 }), 'It is done: 8 of 10 goals reached.'],
  ])('says that it %s', (_, state, words) => {
    if (typeof words === 'string') expect(inWords(state)).toBe(words);
    else expect(inWords(state)).toMatch(words);
  });

  it('compares distances to the same goal only', () => {
    const other = having({ distance: 9 }, { distance: 9 }, { distance: 9 }, { distance: 1, goalIndex: 1 });
    expect(inWords(other)).toBe('It sets out for its goal.');
  });

  it('says that it is surprised, and that it thinks for too long', () => {
    const state = having({ surprise: 3, surpriseLimit: 2, planMs: 120, deadlineMs: 80 });
    expect(inWords(state)).toMatch(
      /surprised as it hardly ever is\. It thinks for too long: 120 ms, where 80 are allowed\.$/,
    );
  });

  it('has no words for nothing', () => {
    expect(inWords(blank)).toBe('');
  });
});
