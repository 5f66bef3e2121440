// npx tsx test/parity/mujoco/drives.ts > drives.json: our models, controls, and where our MuJoCo comes to.
import { loadMujoco } from '../../../sim/mujoco/mujoco.ts';
import { simulationOf } from '../../../sim/mujoco/pool.ts';
import { drives } from '../../support/mujoco-drives.ts';

await loadMujoco();
const played = Object.entries(drives).map(([name, drive]) => {
  const { initial, step, velocitiesAt } = simulationOf(drive.mjcf);
  let state = initial();
  for (const [at, value] of Object.entries(drive.start)) state[1 + Number(at)] = value;
  const positions = drive.controls.map((control) => {
    state = step(state, control, drive.substeps);
    return state.slice(1, velocitiesAt);
  });
  return [name, { ...drive, positions }];
});
process.stdout.write(JSON.stringify(Object.fromEntries(played)));
