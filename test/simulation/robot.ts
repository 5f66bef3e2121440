import type { VirtualClock } from '../../src/clock.ts';
import { writeStamp } from '../../src/drivers/ros/stamp.ts';
import type { Random } from '../../src/random.ts';
import type { BodyClock } from './body-clock.ts';
import type { Faults } from './faults.ts';

const LAG_MS = 80;
const STEP_MS = 20;

/** A point in the plane, driven by velocity, with a lag; with or without a watchdog of its own. */
export function simulatedRobot(world: VirtualClock, { watchdogMs }: { readonly watchdogMs: number }) {
  const place: [number, number] = [0, 0];
  const speed: [number, number] = [0, 0];
  let asked: readonly [number, number] = [0, 0];
  let heardMs = Number.NEGATIVE_INFINITY;
  world.schedule(function () {
    const wanted = world.now() - heardMs > watchdogMs ? ([0, 0] as const) : asked;
    for (const axis of [0, 1] as const) {
      speed[axis] += ((wanted[axis] - speed[axis]) * STEP_MS) / LAG_MS;
      place[axis] += (speed[axis] * STEP_MS) / 1000;
    }
    this.schedule(undefined, STEP_MS);
  });
  return {
    place: place as readonly [number, number],
    hear: (velocity: readonly [number, number]) => {
      asked = velocity;
      heardMs = world.now();
    },
  };
}

export type Told = {
  readonly world: VirtualClock;
  readonly body: BodyClock;
  readonly faults: () => Faults;
  readonly random: Random;
  readonly robotTime: () => number;
};

/** A bridge that tells the robot's time when asked, unless something is in the way. */
export const bridgeThatTells = ({ world, body, faults, random, robotTime }: Told) => ({
  get connected() {
    return !faults().on('bridge down') && !faults().on('bridge frozen');
  },
  call: () =>
    new Promise<{ readonly time: unknown }>((resolve, reject) => {
      const lost = faults().on('link half-open') || faults().on('bridge frozen') || faults().on('bridge down');
      if (lost) return void body.schedule(() => reject(new Error('no answer')), 1000);
      const halfMs = 0.5 + 3 * random.fork(`time ${world.now()}`).uniform();
      world.schedule(() => {
        const time = writeStamp(robotTime(), 1);
        world.schedule(() => body.awake(() => resolve({ time })), halfMs);
      }, halfMs);
    }),
});
