import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadMujoco } from '../../../sim/mujoco/mujoco.ts';
import { simulationOf } from '../../../sim/mujoco/pool.ts';
import { drives } from '../../support/mujoco-drives.ts';

await loadMujoco();

it.each(Object.entries(drives))('%s goes where native MuJoCo 3.14.0 goes, to 1e-9 m and rad', (name, drive) => {
  const golden = JSON.parse(readFileSync(`test/fixtures/mujoco/${name}.json`, 'utf8'));
  const { initial, step, velocitiesAt } = simulationOf(drive.mjcf);
  let state = initial();
  for (const [at, value] of Object.entries(drive.start)) state[1 + Number(at)] = value;
  const began = state.slice(1, velocitiesAt);
  drive.controls.forEach((control, i) => {
    state = step(state, control, drive.substeps);
    if ((i + 1) % golden.every !== 0) return;
    const expected: number[] = golden.positions[(i + 1) / golden.every - 1];
    state.slice(1, velocitiesAt).forEach((value, k) => {
      expect(Math.abs(value - expected[k]!), `position ${k} after ${i + 1} steps`).toBeLessThan(1e-9);
    });
  });
  const moved = Math.max(...state.slice(1, velocitiesAt).map((value, k) => Math.abs(value - began[k]!)));
  expect(moved).toBeGreaterThan(0.1);
});
