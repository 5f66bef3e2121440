import type { VirtualClock } from '../../src/clock.ts';

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
