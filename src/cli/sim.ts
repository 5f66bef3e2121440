import { writeFileSync } from 'node:fs';
import { rosBridge } from '../../sim/ros/bridge.ts';
import { rosGraph } from '../../sim/ros/graph.ts';
import { type RosRobot, rosRobot } from '../../sim/ros/robot.ts';
import { findTask } from '../../sim/tasks.ts';
import { vary as varied } from '../../sim/vary.ts';
import { type Clock, realClock } from '../clock.ts';
import { encodePng } from '../data/image.ts';
import type { Frame } from '../drivers/driver.ts';
import { PremotorError, UsageError } from '../errors.ts';
import { seeded } from '../random.ts';
import type { SimSettings } from './commands/sim.ts';
import { mark } from './progress.ts';
import type { Outcome, Terminal } from './verb.ts';

/** A line of how it goes, so often. */
const STATUS_EVERY_MS = 5000;
/** A client that says the same wrong thing again and again is quoted once in a while. */
const NOTE_EVERY_MS = 2000;

/** Serves a world as a ROS robot until it is told to stop. */
export async function runSim(settings: SimSettings, terminal: Terminal): Promise<Outcome> {
  const { version, host, port, size, seed, faults = false, goalOut, vary = {} } = settings;
  const plain = findTask(settings.task);
  await plain.prepare?.();
  const task = varied(plain, vary);
  const world = task.world();
  const periodMs = settings.rate === undefined ? world.periodMs : 1000 / settings.rate;
  const cameraPeriodMs = settings.cameraRate === undefined ? periodMs : 1000 / settings.cameraRate;
  if (cameraPeriodMs < periodMs - 1e-6) {
    throw new UsageError(`--camera-rate must be at most the rate of the steps, got ${settings.cameraRate}`, {
      hint: `a picture shows the state after a step: at most ${(1000 / periodMs).toFixed(1)} a second`,
    });
  }
  const random = seeded(seed);
  const start = world.reset(random.fork('start'));
  const goal = task.goal(world, start, random.fork('goal'), true);
  if (goalOut !== undefined) writePicture(goalOut, world.render(goal, size));

  const clock = realClock();
  const beganMs = clock.now();
  const epochMs = Date.now() - beganMs;
  const onNote = seldom(clock, (line) => terminal.say(`note: ${line}`));
  const graph = rosGraph({ version, now: () => epochMs + clock.now(), faults });
  const bridge = await rosBridge({ graph, port, host, clock, faults, onNote });
  let reachedMs: number | undefined;
  let steps = -1;
  const judge = (state: unknown, timeMs: number) => {
    steps++;
    if (goalOut === undefined || reachedMs !== undefined || !task.reached(state, goal)) return;
    reachedMs = timeMs - beganMs;
    terminal.say(`${mark(true)} the goal of ${goalOut} is reached after ${(reachedMs / 1000).toFixed(1)} s`);
  };
  const robot = rosRobot(world, {
    graph,
    start,
    size,
    clock,
    periodMs,
    cameraPeriodMs,
    onState: judge,
    onNote: (line) => terminal.say(line),
  });
  try {
    const { published, subscribed } = robot.topics;
    terminal.say(`${task.name} is a ROS ${version} robot at ${bridge.url}${faults ? ', with faults' : ''}`);
    terminal.say(`publishes ${published.join(', ')}: ${size}x${size}, ${(1000 / cameraPeriodMs).toFixed(1)} a second`);
    terminal.say(`listens to ${subscribed.join(', ')}; services /robot/reset, /robot/enable, /robot/state`);
    if (goalOut !== undefined) terminal.say(`a goal picture is in ${goalOut}`);
    await watched(robot, () => bridge.clients, { clock, terminal, durationMs: (settings.duration ?? Infinity) * 1000 });
  } finally {
    robot.close();
    await bridge.close();
  }
  const seconds = (clock.now() - beganMs) / 1000;
  const { commands } = robot;
  const reached = reachedMs !== undefined;
  const json = { task: task.name, ros: version, url: bridge.url, seed, seconds, steps, commands, reached, reachedMs };
  return { json, summary: [`${commands} commands and ${steps} steps in ${seconds.toFixed(1)} s`] };
}

type Watching = { readonly clock: Clock; readonly terminal: Terminal; readonly durationMs: number };

/** Tells how it goes until time is up or a person stops it. */
function watched(robot: RosRobot<unknown>, clients: () => number, { clock, terminal, durationMs }: Watching) {
  return new Promise<void>((resolve) => {
    let before = 0;
    const status = clock.schedule(function () {
      this.schedule(undefined, STATUS_EVERY_MS);
      const rate = ((robot.commands - before) / STATUS_EVERY_MS) * 1000;
      before = robot.commands;
      const dog = { waiting: 'no command yet', fed: 'commands come', expired: 'resting: commands stopped coming' };
      const how = robot.enabled ? dog[robot.watchdog] : 'stopped: call /robot/reset or /robot/enable';
      terminal.say(`${rate.toFixed(1)} commands/s; ${how}; ${count(clients(), 'client')}`);
    }, STATUS_EVERY_MS);
    const timer = durationMs < 2 ** 31 ? clock.schedule(() => end(), durationMs) : undefined;
    const end = () => {
      status.unsubscribe();
      timer?.unsubscribe();
      terminal.signal.removeEventListener('abort', end);
      resolve();
    };
    terminal.signal.addEventListener('abort', end);
    if (terminal.signal.aborted) end();
  });
}

/** Passes on a line unless the same one was passed on just before; others of a flood are counted. */
function seldom(clock: Clock, say: (line: string) => void): (line: string) => void {
  let saidMs = -Infinity;
  let unsaid = 0;
  return (line) => {
    if (clock.now() - saidMs < NOTE_EVERY_MS) {
      unsaid++;
      return;
    }
    say(unsaid > 0 ? `${line} (and ${unsaid} more)` : line);
    saidMs = clock.now();
    unsaid = 0;
  };
}

function writePicture(path: string, frame: Frame): void {
  try {
    writeFileSync(path, encodePng(frame));
  } catch (cause) {
    const { code = 'error' } = cause as NodeJS.ErrnoException;
    throw new PremotorError(`the goal picture cannot be written to ${path} (${code})`, { cause });
  }
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
