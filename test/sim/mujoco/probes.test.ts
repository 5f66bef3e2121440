import { describe, expect, it } from 'vitest';
import {
  loadMujoco,
  posed,
  pulled,
  pushed,
  type Simulation,
  simulation,
  speeding,
} from '../../../sim/mujoco/mujoco.ts';
import { armModel } from './arm.ts';

await loadMujoco();
const arm = simulation(armModel());
const bent = posed(arm, arm.initial(), { shoulder: 0.3, elbow: -0.7 });
const tip = (state: readonly number[]) => [...arm.places(state).sitePositions.slice(0, 3)];
const place = (simulation: Simulation, state: readonly number[], body: string) => [
  ...simulation.places(state).bodyPositions.slice(3 * simulation.body(body), 3 * simulation.body(body) + 3),
];

describe('a Jacobian', () => {
  it('is how a site moves with the joints', () => {
    const { position, rotation, place: at, turned } = arm.jacobian(bent, 'tip');
    expect([...at]).toEqual(tip(bent));
    const nv = arm.layout.velocities.size;
    expect(position.length).toBe(3 * nv);
    const d = 1e-6;
    for (const name of ['shoulder', 'elbow']) {
      const joint = arm.joint(name);
      const [plus, minus] = [d, -d].map((by) => posed(arm, bent, { [name]: bent[joint.position.at]! + by }));
      const [higher, lower] = [tip(plus!), tip(minus!)];
      for (const k of [0, 1, 2]) {
        expect(position[k * nv + joint.dof]).toBeCloseTo((higher[k]! - lower[k]!) / (2 * d), 6);
      }
      // The rotation's change, from the axes' changes: half the sum of axis x change.
      const [after, before] = [arm.jacobian(plus!, 'tip').turned, arm.jacobian(minus!, 'tip').turned];
      const spin = [0, 0, 0];
      for (const axis of [0, 1, 2]) {
        const a = [0, 1, 2].map((row) => turned[3 * row + axis]!);
        const change = [0, 1, 2].map((row) => (after[3 * row + axis]! - before[3 * row + axis]!) / (2 * d));
        for (const k of [0, 1, 2]) {
          spin[k]! += 0.5 * (a[(k + 1) % 3]! * change[(k + 2) % 3]! - a[(k + 2) % 3]! * change[(k + 1) % 3]!);
        }
      }
      for (const k of [0, 1, 2]) expect(rotation[k * nv + joint.dof]).toBeCloseTo(spin[k]!, 6);
    }
    expect(position[arm.joint('cube').dof]).toBe(0);
  });

  it('disturbs nothing', () => {
    const state = arm.step(bent, [0.2, 0.1], 30);
    const next = arm.step(state, [0, 0], 30);
    arm.jacobian(bent, 'tip');
    expect(arm.step(state, [0, 0], 30)).toEqual(next);
  });
});

describe('readings', () => {
  it('are those of the state, by name', () => {
    const all = arm.readings(bent);
    expect(all[arm.sensor('angles').at]).toBeCloseTo(-0.7, 12);
    const { at } = arm.sensor('tip');
    expect([...all.slice(at, at + 3)]).toEqual(tip(bent));
  });
});

describe('contacts', () => {
  it('carry the weight of what rests', () => {
    const resting = arm.step(arm.initial(), [0, 0], 500);
    const contacts = arm.contacts(resting);
    expect(contacts.length).toBe(4);
    let weight = 0;
    for (const { geoms, distance, force, normal, position } of contacts) {
      expect(geoms.map((i) => arm.geoms[i]!.name)).toEqual(['floor', 'cube']);
      expect(Math.abs(distance)).toBeLessThan(1e-3);
      expect(normal[2]).toBeCloseTo(1, 9);
      expect(Math.abs(position[0] - 0.5)).toBeLessThan(0.051);
      weight += force;
    }
    expect(weight).toBeCloseTo(2 * 9.81, 3);
    expect(arm.contacts(posed(arm, resting, { cube: [0, 0.5, 2, 1, 0, 0, 0] }))).toEqual([]);
  });
});

describe('motion', () => {
  it('is that of the centre of mass', () => {
    const state = speeding(arm, posed(arm, arm.initial(), { cube: [1, 0, 2, 1, 0, 0, 0] }), {
      cube: [1, 2, 3, 0, 0, 4],
    });
    const { centre, velocity, turning } = arm.motion(state, 'cube');
    for (const [k, value] of [1, 0, 2].entries()) expect(centre[k]).toBeCloseTo(value, 12);
    for (const [k, value] of [1, 2, 3].entries()) expect(velocity[k]).toBeCloseTo(value, 12);
    for (const [k, value] of [0, 0, 4].entries()) expect(turning[k]).toBeCloseTo(value, 12);
  });
});

describe('forces on bodies', () => {
  const flying = posed(arm, arm.initial(), { cube: [0.5, 0.5, 3, 1, 0, 0, 0] });
  const { at } = arm.joint('cube').velocity;

  it('act for one step: mass times acceleration, then none', () => {
    const state = pushed(arm, flying, { body: 'cube', force: [4, 0, 2 * 9.81] });
    const once = arm.step(state, [0, 0], 50);
    expect(once[at]).toBeCloseTo((4 / 2) * 0.1, 9);
    expect(once[at + 2]).toBeCloseTo(0, 9);
    const twice = arm.step(once, [0, 0], 50);
    expect(twice[at]).toBeCloseTo(once[at]!, 9);
    expect(twice[at + 2]).toBeCloseTo(-9.81 * 0.1, 9);
  });

  it('add up, and turn what they take hold of aside', () => {
    const one = pushed(arm, flying, { body: 'cube', force: [0, 3, 0], at: [0.55, 0.5, 3] });
    const both = pushed(arm, one, { body: 'cube', force: [0, -3, 0], torque: [0, 0, -0.05] });
    const next = arm.step(both, [0, 0], 10);
    expect(next[at + 1]).toBeCloseTo(0, 9);
    const inertia = (2 * 0.1 ** 2) / 6;
    expect(next[at + 5]).toBeCloseTo(((3 * 0.05 - 0.05) / inertia) * 0.02, 6);
  });

  it('draw a thing to where a hand wants it, and hold it there', () => {
    const to = [-0.2, 0.8, 0.6];
    let state = arm.initial();
    for (let i = 0; i < 60; i++)
      state = arm.step(pulled(arm, state, { body: 'cube', from: [0.5, 0.5, 0.1], to }, 100), [0, 0], 50);
    for (const [k, value] of to.entries()) expect(Math.abs(place(arm, state, 'cube')[k]! - value)).toBeLessThan(0.01);
    expect(pulled(arm, state, { body: 'world', from: [0, 0, 0], to }, 100)).toEqual(state);
  });
});

describe('physics that blows up', () => {
  it.each([
    ['a speed that cannot be', () => speeding(arm, bent, { elbow: 1e7 })],
    ['a force without measure', () => pushed(arm, bent, { body: 'cube', force: [1e12, 0, 0] })],
  ])('names the model and the time: %s', (_, wild) => {
    const state = wild();
    state[0] = 1.23456;
    expect(() => arm.step(state, [0, 0], 50)).toThrow(
      expect.objectContaining({
        name: 'UnstablePhysics',
        message: expect.stringMatching(/^the simulation of 'arm' became unstable at 1.2346 s: a[n]? .+$/),
      }),
    );
    expect(arm.step(arm.initial(), [0, 0], 5).every(Number.isFinite)).toBe(true);
  });

  it('says when the memory was too little, and works afterwards', () => {
    const tight = simulation(armModel().replace('memory="1M"', 'memory="9K"'));
    for (let i = 0; i < 30; i++) {
      expect(() => tight.step(tight.initial(), [0, 0], 5)).toThrow(
        expect.objectContaining({
          name: 'PremotorError',
          message: expect.stringMatching(/^the simulation of 'arm' failed: .*out of memory.*$/),
        }),
      );
    }
    tight.dispose();
    const other = simulation(armModel());
    expect(other.step(bent, [0, 0], 5)).toEqual(arm.step(bent, [0, 0], 5));
    other.dispose();
  });

  it('says when contacts had no room', () => {
    const balls = Array.from({ length: 30 }, (_, i) => `<body pos="${i} 0 0.09"><freejoint/><geom size="0.1"/></body>`);
    const xml = `<mujoco><size memory="30K"/><worldbody><geom type="plane" size="9 9 1"/>${balls.join('')}</worldbody></mujoco>`;
    const crowded = simulation(xml);
    expect(() => crowded.step(crowded.initial(), [], 5)).toThrow(/more con\w+ than <size memory> has room for$/);
    crowded.dispose();
  });
});
