import { describe, expect, it, vi } from 'vitest';
import { loadMujoco, pinnedOption, simulation } from '../../../sim/mujoco/mujoco.ts';
import { simulationOf } from '../../../sim/mujoco/pool.ts';
import { sceneOf } from '../../../sim/mujoco/scene.ts';

await loadMujoco();

/** A ball on a motor over a floor, a camera above. */
const model = (mass = 1) => `
<mujoco>
  ${pinnedOption(0.005)}
  <size memory="1M"/>
  <worldbody>
    <geom name="floor" type="plane" size="2 3 0.1"/>
    <geom name="unseen" type="box" size="1 1 1" pos="9 9 9" group="3"/>
    <camera name="above" pos="0 0 4" fovy="60"/>
    <body name="ball" pos="0 0 0.1">
      <joint name="x" type="slide" axis="1 0 0"/><joint type="slide" axis="0 0 1"/>
      <geom name="ball" type="sphere" size="0.1" mass="${mass}" rgba="1 0.5 0 1"/>
    </body>
  </worldbody>
  <actuator><motor joint="x"/></actuator>
</mujoco>`;

describe('MuJoCo', () => {
  it('is loaded by those who prepare for it, not by looking at the tasks', async () => {
    vi.resetModules();
    const { findTask } = await import('../../../sim/tasks.ts');
    const { simulation } = await import('../../../sim/mujoco/mujoco.ts');
    for (const name of ['two-room', 'diff-drive']) findTask(name).world();
    await findTask('two-room').prepare?.();
    expect(() => simulation(model())).toThrow(/must be loaded first: await task.prepare\(\)/);
    await findTask('diff-drive').prepare?.();
    simulation(model()).dispose();
  });
});

describe('a simulation', () => {
  it('lists its geoms and cameras', () => {
    const sim = simulation(model());
    expect(sim.geoms.map(({ name, shape }) => [name, shape])).toEqual([
      ['floor', 'plane'],
      ['unseen', 'box'],
      ['ball', 'sphere'],
    ]);
    expect(sim.geoms[2]!.size[0]).toBe(0.1);
    expect(sim.geoms[2]!.rgba).toEqual([1, 0.5, 0, 1]);
    expect(sim.cameras).toEqual([{ name: 'above', fovy: 60 }]);
    sim.dispose();
  });

  it('accelerates by force over mass', () => {
    const sim = simulation(model(2));
    const { velocitiesAt } = sim;
    const state = sim.step(lifted(sim.initial()), [4], 100);
    expect(state[0]).toBeCloseTo(0.5, 9);
    expect(state[velocitiesAt]).toBeCloseTo(1, 6);
    expect(state[velocitiesAt + 1]).toBeCloseTo(-9.81 * 0.5, 6);
    sim.dispose();
  });

  it('goes on from a state exactly, in another simulation too, and whatever was done in between', () => {
    const [one, other] = [simulation(model()), simulation(model())];
    const middle = one.step(one.initial(), [3], 150);
    const end = one.step(middle, [-2], 150);
    one.step(one.initial(), [50], 33);
    expect(one.step(middle, [-2], 150)).toEqual(end);
    expect(other.step(middle, [-2], 150)).toEqual(end);
    expect(other.step(other.step(middle, [-2], 70), [-2], 80)).toEqual(end);
    expect(end).not.toEqual(middle);
    for (const sim of [one, other]) sim.dispose();
  });

  it('keeps its answers while the memory of MuJoCo grows', () => {
    const sim = simulation(model());
    const state = sim.step(sim.initial(), [1], 10);
    const before = sceneOf(sim, state, plain);
    const many = Array.from({ length: 40 }, () => simulation(model().replace('memory="1M"', 'memory="8M"')));
    expect(sceneOf(sim, state, plain)).toEqual(before);
    expect(sim.step(state, [1], 10)).toEqual(sim.step(state, [1], 10));
    for (const one of many) one.dispose();
    sim.dispose();
  });

  it('says when it blew up, and works afterwards', () => {
    const sim = simulation(model());
    const wild = sim.initial();
    wild[sim.velocitiesAt] = 1e12;
    expect(() => sim.step(wild, [0], 1)).toThrow(
      expect.objectContaining({
        name: 'UnstablePhysics',
        message: expect.stringMatching(/'model' became unstable at 0 s/),
      }),
    );
    expect(sim.step(sim.initial(), [0], 1).every(Number.isFinite)).toBe(true);
    sim.dispose();
  });

  it('refuses states, controls and models that are not right', () => {
    const sim = simulation(model());
    expect(() => sim.step(sim.initial().slice(1), [0], 1)).toThrow(/state must have \d+ numbers/);
    expect(() => sim.step(sim.initial(), [0, 0], 1)).toThrow(/control must have 1 numbers/);
    expect(() => simulation('<mujoco><nonsense/></mujoco>')).toThrow(/mjcf must be a model that compiles: .*nonsense/);
    sim.dispose();
  });
});

describe('the pool', () => {
  it('shares one simulation among users of the same model, and forgets the least used', () => {
    const first = simulationOf(model(1));
    const state = first.step(first.initial(), [1], 50);
    expect(simulationOf(model(1))).toBe(first);
    for (let mass = 2; mass < 40; mass++) simulationOf(model(mass));
    const again = simulationOf(model(1));
    expect(again).not.toBe(first);
    expect(again.step(again.initial(), [1], 50)).toEqual(state);
  });
});

const plain = { background: [0, 0, 0], ambient: 1, lights: [] } as const;

describe('a scene', () => {
  it('holds what is to be seen, where it is in the state', () => {
    const sim = simulation(model());
    const state = lifted(sim.initial());
    const { scene, cameras } = sceneOf(sim, state, plain);
    expect(scene.geoms.map(({ shape }) => shape)).toEqual(['plane', 'sphere']);
    expect(Array.from(scene.geoms[1]!.position)).toEqual([0, 0, expect.closeTo(5.1, 12)]);
    expect(cameras.above).toMatchObject({ fovy: 60 });
    expect(Array.from(cameras.above!.position)).toEqual([0, 0, 4]);
    sim.dispose();
  });
});

/** The ball 5 m up, where nothing rubs. */
function lifted(state: number[]): number[] {
  state[2] = 5;
  return state;
}
