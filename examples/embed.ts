// An agent in your own program: it sees a robot's camera frames and drives it to where a goal picture was taken.
import { findTask } from '../sim/tasks.ts';
import { worldDriver } from '../sim/world-driver.ts';
import { createAgent, loadCheckpoint, run, seeded, virtualClock } from '../src/index.ts'; // in yours: from 'premotor'

const random = seeded(Number(process.argv[3] ?? 7));
const mind = await loadCheckpoint(process.argv[2] ?? 'checkpoints/two-room');
const size = mind.imagination.pictureSize ?? 64;

// A robot is a `Driver`: observations out, actions in. This one is simulated, and its time is too: `realClock()` on yours.
const clock = virtualClock();
const { world: makeWorld, goal, reached } = findTask('two-room');
const world = makeWorld();
const start = world.reset(random.fork('start'));
const there = goal(world, start, random.fork('goal'), true);
let arrived = false;
const onState = (state: unknown) => {
  arrived ||= reached(state, there);
};
const robot = worldDriver(world, { start, size, clock, onState });

// The agent knows the goal only as a picture. It plans ten times a second, and plays its plan within the robot's limits.
const picture = world.render(there, size);
const agent = createAgent({ ...mind, goal: { frame: picture }, spec: robot.actionSpec, clock, random, replanMs: 100 });
const loop = run(robot, agent).subscribe();
while (!arrived && clock.now() < 150 * world.periodMs) await clock.advance(world.periodMs);
loop.unsubscribe(); // the last word to the robot is rest

console.log(
  `${arrived ? 'reached' : 'did not reach'} the goal after ${clock.now() / world.periodMs} steps (${mind.engine})`,
);
await mind.dispose();
