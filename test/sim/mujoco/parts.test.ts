import { describe, expect, it } from 'vitest';
import { loadMujoco, pinnedOption, posed, simulation, speeding } from '../../../sim/mujoco/mujoco.ts';
import { armModel } from './arm.ts';

await loadMujoco();
const arm = simulation(armModel());

describe('the parts of a model', () => {
  it('are found by name', () => {
    expect(arm.name).toBe('arm');
    expect(arm.bodies.map(({ name }) => name)).toEqual(['world', 'upper', 'lower', '', 'cube']);
    expect(arm.body('lower')).toBe(2);
    expect(arm.geom('egg')).toBe(2);
    expect(arm.site('tip')).toBe(0);
    expect(arm.actuator('bend')).toBe(1);
    expect(arm.actuators[0]).toEqual({ name: 'lift', range: [-2, 2] });
    expect(arm.actuators[1]).toEqual({ name: 'bend' });
    expect(arm.sensor('tip')).toEqual({ name: 'tip', at: 1, size: 3 });
    expect(arm.sites).toEqual([{ name: 'tip', body: 'lower' }]);
    expect(arm.gravity).toEqual([0, 0, -9.81]);
  });

  it('have their numbers in the state', () => {
    const cube = arm.joint('cube');
    expect(cube).toMatchObject({
      kind: 'free',
      body: 'cube',
      position: { at: 3, size: 7 },
      velocity: { size: 6 },
      dof: 2,
    });
    expect(arm.initial().slice(cube.position.at, cube.position.at + 7)).toEqual([0.5, 0.5, 0.05, 1, 0, 0, 0]);
    const { range } = arm.joint('shoulder');
    expect(range?.[1]).toBeCloseTo((120 * Math.PI) / 180, 12);
    expect(arm.joint('elbow').range).toBeUndefined();
    const { layout } = arm;
    expect(layout.positions).toEqual({ at: 1, size: 9 });
    expect(layout.velocities).toEqual({ at: arm.velocitiesAt, size: 8 });
    expect(layout.bodyForces.size).toBe(6 * arm.bodies.length);
    const last = layout.plugins;
    expect(last.at + last.size).toBe(arm.stateSize);
  });

  it('belong to bodies that can be moved or not', () => {
    const bodyOf = Object.fromEntries(arm.geoms.map(({ name, body, movable }) => [name, [body, movable]]));
    expect(bodyOf).toMatchObject({ floor: ['world', false], nail: ['lower', true], cube: ['cube', true] });
    expect(arm.bodies[arm.body('cube')]).toMatchObject({ mass: 2, load: 2, movable: true });
    expect(arm.bodies[0]).toMatchObject({ movable: false });
  });

  it('may be ellipsoids, and meshes with their triangles', () => {
    expect(arm.geoms[arm.geom('egg')]).toMatchObject({ shape: 'ellipsoid', size: [0.1, 0.2, 0.3] });
    const { mesh } = arm.geoms[arm.geom('wedge')]!;
    const { positions, normals, indices } = mesh!;
    expect(indices.length).toBe(4 * 3);
    expect(normals.length).toBe(positions.length);
    const at = (array: Float32Array, i: number) => [array[3 * i]!, array[3 * i + 1]!, array[3 * i + 2]!] as const;
    let volume = 0;
    for (let t = 0; t < indices.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => at(positions, indices[t + k]!)) as [Three, Three, Three];
      volume += dot(a, cross(b, c)) / 6;
      const [nx, ny, nz] = at(normals, indices[t]!);
      expect(Math.hypot(nx, ny, nz)).toBeCloseTo(1, 5);
    }
    expect(volume).toBeCloseTo(0.1 ** 3 / 6, 9); // positive: seen from outside they wind counter-clockwise
  });

  it('refuse names that are not there', () => {
    expect(() => arm.joint('knee')).toThrow(/joint must be one of shoulder, elbow, cube, got knee/);
    expect(() => arm.site('toe')).toThrow(RangeError);
    expect(() => arm.body('')).toThrow(/body must be one of world, upper/);
    expect(() => arm.initial('asleep')).toThrow(/keyframe must be one of bent, got asleep/);
  });
});

describe('states', () => {
  it('are set by the names of joints, and leave the old ones alone', () => {
    const start = arm.initial();
    const kept = [...start];
    const state = speeding(arm, posed(arm, start, { elbow: 0.5, cube: [1, 2, 3, 1, 0, 0, 0] }), { shoulder: -1 });
    expect(state[arm.joint('elbow').position.at]).toBe(0.5);
    expect(state[arm.joint('shoulder').velocity.at]).toBe(-1);
    expect([
      ...arm
        .places(state)
        .bodyPositions.slice(3 * arm.body('cube'))
        .slice(0, 3),
    ]).toEqual([1, 2, 3]);
    expect(start).toEqual(kept);
    expect(() => posed(arm, start, { cube: [1, 2, 3] })).toThrow(
      /position of cube must be 7 finite numbers, got 1, 2, 3/,
    );
    expect(() => speeding(arm, start, { elbow: Number.NaN })).toThrow(
      /velocity of elbow must be 1 finite numbers, got NaN/,
    );
  });

  it('begin at a keyframe', () => {
    expect(arm.initial('bent').slice(1, 5)).toEqual([0.3, -0.4, 0.2, 0.1]);
    expect(arm.initial().slice(1, 3)).toEqual([0, 0]);
  });
});

describe('the option', () => {
  it('is pinned, but for what is given', () => {
    expect(pinnedOption(0.005)).toBe(
      '<option integrator="implicitfast" solver="Newton" iterations="100" tolerance="1e-8" cone="pyramidal" ' +
        'jacobian="dense" impratio="1" gravity="0 0 -9.81" timestep="0.005"/>',
    );
    const other = pinnedOption({
      timestep: 0.01,
      gravity: [0, 0, 0],
      cone: 'elliptic',
      impratio: 10,
      flags: { contact: 'disable' },
    });
    expect(other).toMatch(
      /cone="elliptic" .*impratio="10" gravity="0 0 0" timestep="0.01"><flag contact="disable"\/><\/option>/,
    );
    const weightless = simulation(armModel(other));
    const cube = weightless.joint('cube').position.at;
    const state = posed(weightless, weightless.initial(), { cube: [0, 0, -3, 1, 0, 0, 0] }); // under the floor
    expect(weightless.step(state, [0, 0], 50).slice(cube, cube + 3)).toEqual([0, 0, -3]);
    weightless.dispose();
  });
});

describe('a model with a mistake', () => {
  it.each([
    [
      'range="-120 120"',
      'range="a b"',
      /^mjcf must be a model that compiles: arm: bad format in attribute 'range': Element 'joint', line \d+$/,
    ],
    ['mass="2"', 'mass="0"', /arm: mass and inertia .*: Element name 'cube', id 4, line \d+$/],
    ['type="ellipsoid"', 'type="egg"', /arm: invalid keyword: 'egg': Element 'geom', line 9$/],
    [
      'joint="elbow" kp',
      'joint="knee" kp',
      /unknown transmission target 'knee' .*: Element name 'bend', id 1, line \d+$/,
    ],
    ['</asset>', '', /arm: mismatched element, line \d+,/],
  ])('is told in one line with its place: %s', (before, after, message) => {
    let said = '';
    try {
      simulation(armModel().replace(before, after));
    } catch (error) {
      said = (error as Error).message;
      expect(error).toBeInstanceOf(RangeError);
    }
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\n/);
  });
});

type Three = readonly [number, number, number];
const dot = (a: Three, b: Three) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Three, b: Three): Three => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
