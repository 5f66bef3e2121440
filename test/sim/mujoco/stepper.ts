// A worker thread with a MuJoCo of its own.
import { parentPort } from 'node:worker_threads';
import { loadMujoco, simulation } from '../../../sim/mujoco/mujoco.ts';
import { armModel } from './arm.ts';

await loadMujoco();
const arm = simulation(armModel());
parentPort!.on('message', (times: number) => {
  parentPort!.postMessage(arm.step(arm.initial('bent'), [0.4, -0.2], times));
});
