import { startRig } from './rig.ts';

/** A process that starts a rig, stops one part of it and says who they are. For a test that ends it. */
const rig = await startRig();
await rig.pause('robot');
console.log(JSON.stringify(Object.values(rig.pids)));
setInterval(() => {}, 1000);
