// A planner and a robot of your own: both are plain functions and objects, no base class is needed.
import { Observable } from 'rxjs';
import { findTask } from '../sim/tasks.ts'; // in yours: from 'premotor/sim'
import {
  type Action,
  createAgent,
  type Driver,
  loadCheckpoint,
  type Planner,
  run,
  seeded,
  virtualClock,
} from '../src/index.ts'; // in yours: from 'premotor'

// A planner refines a plan: here the best of some candidates that hold one action for the whole horizon.
const holding =
  (samples: number, actionSize: number): Planner =>
  async (plan, score, random) => {
    const size = plan.mean.length;
    const candidates = new Float32Array(samples * size);
    for (let s = 0; s < samples; s++) {
      const action = Array.from({ length: actionSize }, () => 1.5 * random.normal());
      for (let i = 0; i < size; i++) candidates[s * size + i] = s === 0 ? plan.mean[i]! : action[i % actionSize]!;
    }
    const costs = await score(candidates);
    const best = costs.reduce((least, cost, s) => (cost < costs[least]! ? s : least), 0);
    return { ...plan, mean: candidates.slice(best * size, (best + 1) * size), cost: costs[best]! };
  };

// A robot is a `Driver`: it says what actions it takes, and turns a stream of them into a stream of what it sees.
const world = findTask('two-room').world();
const clock = virtualClock();
const random = seeded(3);
let state = world.reset(random.fork('start'));
const robot: Driver = {
  actionSpec: world.actionSpec,
  connect: (actions$) =>
    new Observable((subscriber) => {
      let action: Action = world.actionSpec.rest;
      subscriber.add(
        actions$.subscribe((next) => {
          action = next;
        }),
      );
      const tick = clock.schedule(function () {
        state = world.step(state, action);
        subscriber.next({ timeMs: clock.now(), frames: { camera: world.render(state, 64) }, action });
        this.schedule(undefined, world.periodMs);
      }, 0);
      subscriber.add(tick);
    }),
};

const mind = await loadCheckpoint('checkpoints/two-room');
const { horizon, actionSize } = mind.imagination.shape;
const planner = holding(64, actionSize);
let there = state;
for (let i = 0; i < 20; i++) there = world.step(there, [0, -1]); // two seconds of driving one way
const goal = { frame: world.render(there, 64) };
const agent = createAgent({ ...mind, planner, goal, spec: robot.actionSpec, clock, random, iterations: 3 });
const distance = () => Math.hypot(...world.locate(state).map((value, axis) => value - world.locate(there)[axis]!));
const before = distance();
const loop = run(robot, agent).subscribe();
let nearest = before;
for (let i = 0; i < 60; i++) {
  await clock.advance(world.periodMs);
  nearest = Math.min(nearest, distance());
}
loop.unsubscribe();
console.log(
  `from ${before.toFixed(2)} to ${nearest.toFixed(2)} sides of the picture from the goal, ${horizon} blocks ahead`,
);
await mind.dispose();
