import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { loadMujoco, pushed, type Simulation, simulation } from '../../../sim/mujoco/mujoco.ts';
import { layoutOf } from '../../../sim/worlds/diff-drive/layout.ts';
import { diffDriveModel } from '../../../sim/worlds/diff-drive/model.ts';
import { armModel } from './arm.ts';

await loadMujoco();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** All that a world may ask of a simulation. */
function use(simulation: Simulation): void {
  const { bodies, sites, actuators } = simulation;
  const name = bodies.findLast((body) => body.movable && body.name)!.name;
  const start = pushed(simulation, simulation.initial(), { body: name, force: [0, 0, 1] });
  const state = simulation.step(
    start,
    actuators.map(() => 0.1),
    4,
  );
  simulation.places(state);
  simulation.readings(state);
  simulation.contacts(state);
  for (const site of sites) simulation.jacobian(state, site.name);
  expect(() => simulation.step(state, [], 1)).toThrow(RangeError);
}

function memory(): { mb: number; outsideMb: number } {
  collect();
  const { rss, external } = process.memoryUsage();
  return { mb: rss / 1e6, outsideMb: external / 1e6 };
}

// Compiling code for what is used often takes 30 MB in the first hundreds of cycles, whatever is compiled.
it.each([
  ['diff-drive', (i: number) => diffDriveModel(layoutOf({ boxPlaces: (i % 50) + 1, wallColours: i + 1 }))],
  ['an arm', () => armModel()],
])('1,000 models of %s leave nothing behind', (_, model) => {
  const cycles = (count: number) => {
    for (let i = 0; i < count; i++) {
      const one = simulation(model(i));
      use(one);
      one.dispose();
    }
  };
  cycles(600);
  const before = memory();
  cycles(1000);
  const after = memory();
  expect(after.outsideMb - before.outsideMb).toBeLessThan(0.5); // MuJoCo's own memory has not grown
  expect(after.mb - before.mb).toBeLessThan(8);
});

it('errors leave nothing behind', () => {
  const tight = armModel().replace('memory="1M"', 'memory="9K"');
  const cycles = (count: number) => {
    for (let i = 0; i < count; i++) {
      expect(() => simulation('<mujoco><nonsense/></mujoco>')).toThrow(RangeError);
      const one = simulation(tight);
      expect(() => one.step(one.initial(), [0, 0], 1)).toThrow(/out of memory/);
      one.dispose();
    }
  };
  cycles(300);
  const before = memory();
  cycles(1000);
  const after = memory();
  expect(after.outsideMb - before.outsideMb).toBeLessThan(2);
  expect(after.mb - before.mb).toBeLessThan(16);
});
