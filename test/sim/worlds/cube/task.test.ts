import { describe, expect, it } from 'vitest';
import { posed } from '../../../../sim/mujoco/mujoco.ts';
import { simulationOf } from '../../../../sim/mujoco/pool.ts';
import { vary } from '../../../../sim/vary.ts';
import { cubeExpert, distance } from '../../../../sim/worlds/cube/expert.ts';
import { type CubeState, type CubeWorld, cubeOf, stateNames } from '../../../../sim/worlds/cube/index.ts';
import { layoutOf } from '../../../../sim/worlds/cube/layout.ts';
import { cubeModel, HOME, JOINTS } from '../../../../sim/worlds/cube/model.ts';
import { cubeProtocols, turnBetween } from '../../../../sim/worlds/cube/protocols.ts';
import { pinchOf, reach } from '../../../../sim/worlds/cube/reach.ts';
import { cube } from '../../../../sim/worlds/cube/task.ts';
import { seeded } from '../../../../src/random.ts';
import { itIsAWorld } from '../../../contracts/world.contract.ts';

await cube.prepare!();
itIsAWorld('cube', cube);
itIsAWorld('cube, all varied', vary(cube, { colour: 'random', size: 'random', mass: 'random', camera: 'random' }));

const world = cube.world() as CubeWorld;
const placed = (state: CubeState) => distance(cubeOf(state), state.target) <= 0.04 && world.seen(state).closed < 0.2;

describe('the table', () => {
  it('names every number of its state', () => {
    expect(stateNames).toHaveLength(simulationOf(cubeModel(layoutOf())).stateSize + 3);
    const names = simulationOf(cubeModel(layoutOf())).joint('cube').position.at;
    expect(stateNames[names]).toBe('cubeX');
  });

  it('stands still when nothing is asked', () => {
    const start = world.reset(seeded(5));
    let state = start;
    for (let i = 0; i < 40; i++) state = world.step(state, [0, 0, 0, 0, 0]);
    expect(distance(world.seen(state).place, world.seen(start).place)).toBeLessThan(0.004);
    expect(distance(cubeOf(state), cubeOf(start))).toBeLessThan(0.002);
  });

  it('moves the fingers as asked, within their reach', () => {
    let state = world.resting({ place: [0.42, 0, 0.2], yaw: 0.2 }, [0.5, 0.2, 0.02], 0);
    for (let i = 0; i < 8; i++) state = world.step(state, [0.5, -0.5, 0.4, 0.5, 0]);
    const { place, yaw } = world.seen(state);
    expect(place[0]).toBeGreaterThan(0.48);
    expect(place[1]).toBeLessThan(-0.05);
    expect(place[2]).toBeGreaterThan(0.25);
    expect(yaw).toBeGreaterThan(0.5);
    for (let i = 0; i < 30; i++) state = world.step(state, [1, 0, -1, 0, 0]);
    expect(world.seen(state).place[0]).toBeLessThan(0.62);
    expect(world.seen(state).place[2]).toBeGreaterThan(0.01);
  });

  it('reaches wherever hands may start', () => {
    const simulation = simulationOf(cubeModel(layoutOf()));
    const home = posed(simulation, simulation.initial(), Object.fromEntries(JOINTS.map((name, i) => [name, HOME[i]!])));
    const random = seeded(6);
    for (let i = 0; i < 40; i++) {
      const draw = (low: number, high: number) => low + (high - low) * random.uniform();
      const wanted = {
        place: [draw(0.25, 0.6), draw(-0.35, 0.35), draw(0.02, 0.35)],
        yaw: draw(-Math.PI, Math.PI),
      } as const;
      const { joints, error } = reach(simulation, home, wanted, 100);
      expect(error).toBeLessThan(1e-3);
      const there = pinchOf(
        simulation,
        posed(simulation, home, Object.fromEntries(JOINTS.map((name, k) => [name, joints[k]!]))),
      );
      expect(distance(there.place, wanted.place)).toBeLessThan(1e-3);
    }
  });
});

describe('the expert', () => {
  it('places at least 19 of 20 cubes', () => {
    let done = 0;
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      const act = cubeExpert(world, random.fork('expert'));
      let state = world.reset(random.fork('reset'));
      for (let i = 0; i < 200 && !placed(state); i++) state = world.step(state, act(state));
      if (placed(state)) done++;
    }
    expect(done).toBeGreaterThanOrEqual(19);
  });
});

describe('who fumbles', () => {
  it('lifts the cube now and then, and often nothing, with its fingers closed', () => {
    let [lifted, left] = [0, 0];
    for (let seed = 0; seed < 6; seed++) {
      const random = seeded(seed);
      const { act, next, done } = cube.policies.fumble!(world, random.fork('policy'));
      let state = world.reset(random.fork('reset'));
      for (let i = 0; i < 200; i++) {
        state = world.step(next(state), act(state));
        const { place, cube: at, closed } = world.seen(state);
        const over = Math.hypot(place[0] - at[0], place[1] - at[1]) < 0.06 && place[2] > 0.1 && closed > 0.3;
        if (over && at[2] > 0.08) lifted++;
        if (over && at[2] < 0.03) left++;
      }
      expect(done(state)).toBe(false);
    }
    expect(lifted).toBeGreaterThan(20);
    expect(left).toBeGreaterThan(20);
  });
});

describe('the protocols of the cube', () => {
  const { historical, 'clear-strict': strict } = cubeProtocols();
  const lying = (x: number, yaw: number) => world.resting({ place: [0.4, 0, 0.2], yaw: 0 }, [x, 0, 0.02], yaw);

  it('take a cube for alike after a quarter turn, about any axis', () => {
    const half = Math.SQRT1_2;
    expect(turnBetween([1, 0, 0, 0], [half, 0, 0, half])).toBeCloseTo(0, 6);
    expect(turnBetween([1, 0, 0, 0], [half, half, 0, 0])).toBeCloseTo(0, 6);
    expect(turnBetween([1, 0, 0, 0], [0.5, 0.5, -0.5, 0.5])).toBeCloseTo(0, 6);
    expect(turnBetween([1, 0, 0, 0], [Math.cos(0.2), 0, 0, Math.sin(0.2)])).toBeCloseTo(0.4, 6);
  });

  it('want it held and turned alike when strict', () => {
    const goal = lying(0.4, 0);
    const [near, turned] = [lying(0.42, Math.PI / 2 + 0.1), lying(0.42, 0.5)];
    expect(historical!.success([turned], goal)).toBe(true);
    expect(strict!.success([turned, turned, turned], goal)).toBe(false);
    expect(strict!.success([near, near, near], goal)).toBe(true);
    expect(strict!.success([near, near], goal)).toBe(false);
  });
});
