import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulationOf } from '../../../../sim/mujoco/pool.ts';
import { vary } from '../../../../sim/vary.ts';
import { reacherExpert } from '../../../../sim/worlds/reacher/expert.ts';
import {
  fingerOf,
  jointsOf,
  type Reacher,
  type ReacherState,
  stateNames,
} from '../../../../sim/worlds/reacher/index.ts';
import { layoutOf } from '../../../../sim/worlds/reacher/layout.ts';
import { reacherModel } from '../../../../sim/worlds/reacher/model.ts';
import { isReached, reacherProtocols } from '../../../../sim/worlds/reacher/protocols.ts';
import { reacher } from '../../../../sim/worlds/reacher/task.ts';
import { itHasAnExpert, itIsAWorld } from '../../../contracts/world.contract.ts';

await reacher.prepare!();
itIsAWorld('reacher', reacher);
itIsAWorld(
  'reacher, all varied',
  vary(reacher, { colour: 'random', mass: 'random', lighting: 'random', camera: 'random' }),
);

const world = reacher.world() as Reacher;
const there = (state: ReacherState) => isReached(jointsOf(state), state.target);
itHasAnExpert('reacher', reacher, world, (random) => reacherExpert(random), there, 100);

describe('the physics of the reacher', () => {
  it('are those of native MuJoCo 2.2.2, to 1e-9 rad after 500 steps', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../../../fixtures/reacher/mujoco-2.2.2.json', import.meta.url), 'utf8'),
    ) as { start: number[]; steps: number; every: number; qpos: number[][] };
    let seed = 12345;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 4294967296;
    };
    const { initial, step } = simulationOf(reacherModel(layoutOf()));
    let physics = initial();
    physics.splice(1, 2, ...golden.start);
    let control = [0, 0];
    for (let i = 1; i <= golden.steps; i++) {
      if ((i - 1) % 10 === 0) control = [2 * random() - 1, 2 * random() - 1];
      physics = step(physics, control, 1);
      if (i % golden.every !== 0) continue;
      const expected = golden.qpos[i / golden.every - 1]!;
      for (const k of [0, 1]) expect(Math.abs(physics[1 + k]! - expected[k]!)).toBeLessThan(1e-9);
    }
  });

  it('name every number of the state', () => {
    expect(stateNames).toHaveLength(simulationOf(reacherModel(layoutOf())).stateSize + 2);
  });

  it('turn a heavy arm less', () => {
    const turned = (density: number) => {
      const other = reacher.world({ density }) as Reacher;
      let state = other.resting([0, 0]);
      for (let i = 0; i < 5; i++) state = other.step(state, [1, 0]);
      return jointsOf(state)[0];
    };
    expect(turned(500)).toBeGreaterThan(1.1 * turned(1500));
  });
});

describe('the protocols of the reacher', () => {
  const { historical, 'clear-moderate': moderate, 'clear-strict': strict } = reacherProtocols();
  const at = (shoulder: number, wrist: number) => world.resting([shoulder, wrist]);

  it('differ in what a turn of the shoulder counts', () => {
    const [a, b] = [at(3.1, 0.5), at(3.1 - 2 * Math.PI + 0.01, 0.5)];
    expect(historical!.success([a], b)).toBe(false);
    expect(moderate!.success([a], b)).toBe(true);
    expect(moderate!.eligible([a, b])).toBe(false);
  });

  it('want the finger held when strict', () => {
    const goal = at(0.4, 1);
    const [near, off] = [at(0.42, 1), at(0.48, 1)];
    expect(Math.hypot(fingerOf([0.42, 1])[0] - fingerOf([0.4, 1])[0])).toBeLessThan(0.01);
    expect(strict!.success([off, near, near], goal)).toBe(true);
    expect(strict!.success([near, off, near], goal)).toBe(false);
  });
});
