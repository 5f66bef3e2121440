import { worldDriver } from '../../sim/world-driver.ts';
import { run } from '../../src/agent/run.ts';
import { realClock } from '../../src/clock.ts';
import { type Dot, dotFrame, dotWorld } from './dot.ts';

// A body as a process: a dot that strives for ever, and tells its parent every command. Signals end it in peace.

const clock = realClock();
const driver = worldDriver({ ...dotWorld, step: (): Dot => [0, 0] }, { start: [0, 0], size: 1, clock });
const mind = {
  module: new URL('./dot-mind.ts', import.meta.url).href,
  load: { checkpoint: 'well' },
  goal: { frame: dotFrame([1, 1]) },
};
run(driver, { mind, clock }, { signals: ['SIGINT', 'SIGTERM'] }).subscribe({
  next: (action) => process.send!(action),
  complete: () => process.disconnect(),
});
