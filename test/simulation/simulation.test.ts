import { describe, expect, test } from 'vitest';
import { inTwo } from './child.ts';
import { faultNames } from './faults.ts';
import { simulate } from './simulate.ts';

const PATIENCE_MS = 600_000;

describe('body, link, minds and world under virtual time', () => {
  test('300 seeds: no invariant is broken, whatever befalls them, and the goal is reached', {
    timeout: PATIENCE_MS,
  }, async () => {
    const { seeds, broken, fired, ended, reached } = await inTwo(1, 300);
    expect(broken, `replay with: npm run simulate -- --seed ${broken[0]} --trace`).toEqual([]);
    expect(seeds).toBe(300);
    expect(faultNames.filter((fault) => fired[fault] === 0)).toEqual([]);
    expect(reached).toBeGreaterThanOrEqual(Math.ceil(0.99 * (300 - ended)));
  });

  test('the same seed gives the same trace', { timeout: PATIENCE_MS }, async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const [once, again] = [await simulate({ seed }), await simulate({ seed })];
      expect(again.trace, `seed ${seed}`).toBe(once.trace);
    }
  });

  test('jumps of the wall clock change no command', { timeout: PATIENCE_MS }, async () => {
    const without = new Set(['wall clock jumps'] as const);
    let jumped = 0;
    for (let seed = 1; jumped < 8 && seed < 100; seed++) {
      const made = await simulate({ seed });
      if (!made.fired.has('wall clock jumps')) continue;
      jumped++;
      expect((await simulate({ seed, without })).trace, `seed ${seed}`).toBe(made.trace);
    }
    expect(jumped).toBe(8);
  });
});
