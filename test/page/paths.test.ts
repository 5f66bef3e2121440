import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limitPaths } from '../../src/page/paths.ts';
import { snapshotAt } from './plausible.ts';

const line = (i: number) => [0.123456, 0.5, i / 1000, 1];

it('keeps at most 64 lines, the best and some elites always among them', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(100), (many, few) => {
      const paths = {
        candidates: Array.from({ length: many }, (_, i) => line(i)),
        elites: Array.from({ length: few }, (_, i) => line(i)),
        best: line(7),
      };
      const kept = limitPaths()({ ...snapshotAt(0), paths }).paths!;
      expect(kept.candidates.length + kept.elites.length + 1).toBe(Math.min(64, Math.min(few, 24) + many + 1));
      expect(kept.elites.length).toBe(Math.min(few, 24));
      expect(kept.best).toEqual([0.123, 0.5, 0.007, 1]);
    }),
  );
});

it('lets paths through five times a second and everything else always', () => {
  const limit = limitPaths();
  const passed = Array.from({ length: 101 }, (_, i) => limit({ ...snapshotAt(0), timeMs: i * 10 }));
  expect(passed.map(({ timeMs }) => timeMs)).toHaveLength(101);
  expect(passed.filter(({ paths }) => paths !== undefined).map(({ timeMs }) => timeMs)).toEqual([
    0, 200, 400, 600, 800, 1000,
  ]);
  expect(limit({ ...snapshotAt(0), timeMs: 5 }).paths).toBeDefined(); // another run
});
