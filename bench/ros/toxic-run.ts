import { Ros, Topic } from 'roslib';
import { map, type Observable } from 'rxjs';
import { rosBridge } from '../../sim/ros/bridge.ts';
import { rosGraph } from '../../sim/ros/graph.ts';
import { rosRobot } from '../../sim/ros/robot.ts';
import { body } from '../../src/agent/body.ts';
import type { Mind } from '../../src/agent/mind.ts';
import { run } from '../../src/agent/run.ts';
import { type Clock, pause, realClock } from '../../src/clock.ts';
import type { Action } from '../../src/drivers/driver.ts';
import { checkRobotConfig } from '../../src/drivers/ros/config.ts';
import { findRobot } from '../../src/drivers/ros/open-robot.ts';
import type { Random } from '../../src/random.ts';
import { frameWatch } from '../../src/safety/frame-watch.ts';
import type { Verdict } from '../../src/safety/gate.ts';
import { interlock } from '../../src/safety/interlock.ts';
import { type Dot, dotWorld } from '../../test/support/dot.ts';
import { type Toxic, toxicProxy } from '../../test/support/toxic-proxy.ts';

/** What came of one fault on the line between a body and its robot. Times in ms of the monotonic clock. */
export type ToxicOutcome = {
  readonly kind: Toxic['kind'];
  readonly faultMs: number;
  readonly lastsMs: number;
  /** From the fault to a verdict that rests for want of a link or a frame; `Infinity`: never. */
  readonly holdMs: number;
  readonly reason: string | undefined;
  /** Motions that reached the robot after the fault was over, and had left before. */
  readonly stale: number;
  /** How old a motion was at most when it reached the robot, whenever that was. */
  readonly oldestMs: number;
  /** From the end of the fault to a motion that left after it and reached the robot; `Infinity`: never. */
  readonly streamMs: number;
  /** Motions that reached the robot from then on, until it was seen that they stream. */
  readonly streamed: number;
  /** Of stock roslib on the same line, which is told to connect again half a second after it was closed. */
  readonly stock: { readonly stale: number; readonly oldestMs: number; readonly streamMs: number };
};

/**
 * The faults, each beyond what the link takes for alive (an answer within 150 ms). A slow close is one only when the far end
 * goes, so it does, again and again: what is told late is that.
 */
export const toxics: readonly Toxic[] = [
  { kind: 'latency', ms: 400, jitterMs: 100 },
  { kind: 'down' },
  { kind: 'bandwidth', bytesPerSecond: 400 },
  { kind: 'slow_close', ms: 10_000 },
  { kind: 'timeout' },
  { kind: 'reset_peer' },
  { kind: 'slicer', bytes: 4, pauseMs: 20 },
  { kind: 'limit_data', bytes: 64 },
];

/** How long to wait for motion, before a fault and after it; and how many of them are a stream. */
const PATIENCE_MS = 20_000;
const STREAM = 10;
const EVERY_MS = 50;

/** A body that always wants to move, its robot, and a line between that is spoilt once, at a random moment for 1 to 3 s. */
export async function toxicRun(toxic: Toxic, random: Random): Promise<ToxicOutcome> {
  const clock = realClock();
  const graph = rosGraph({ version: 1, now: () => 1.7e12 + clock.now() });
  const bridge = await rosBridge({ graph, port: 0 });
  const robot = rosRobot<Dot>(taggedWorld, { graph, start: [0.5, 0.5], size: 1, clock });
  const proxy = await toxicProxy({ port: bridge.port, random: random.fork('line') });
  const url = `ws://127.0.0.1:${proxy.port}`;
  const stock = await stockClient(url, graph, clock);
  const moving = await movingBody(url, clock, random);
  const arrivals = (): readonly Moved[] =>
    robot
      .arrivals()
      .filter(({ action }) => action[0] !== 0)
      .map(({ timeMs, action }) => ({ timeMs, leftMs: moving.leftMs[action[2]!]! }));
  try {
    await until(() => arrivals().length >= 20, clock);
    await pause(1000 * random.uniform(), clock);
    await until(() => moving.verdicts.at(-1)!.seenMs !== undefined, clock);
    const lastsMs = 1000 + 2000 * random.uniform();
    const faultMs = clock.now();
    await proxy.set(toxic);
    if (toxic.kind === 'slow_close') proxy.hangUp();
    const gone = toxic.kind === 'slow_close' ? setInterval(() => proxy.hangUp(), EVERY_MS) : undefined;
    await pause(lastsMs, clock);
    clearInterval(gone);
    const healMs = clock.now();
    await proxy.set();
    const fresh = () => arrivals().filter(({ leftMs }) => leftMs > healMs);
    await until(() => fresh().length >= STREAM, clock);
    await until(() => stock.arrivals.some(({ leftMs }) => leftMs > healMs), clock);
    const held = moving.verdicts.find(({ timeMs, reason }) => timeMs >= faultMs && HOLDS.has(reason));
    return {
      kind: toxic.kind,
      faultMs,
      lastsMs: healMs - faultMs,
      holdMs: held === undefined ? Number.POSITIVE_INFINITY : held.timeMs - faultMs,
      reason: held?.reason,
      streamed: fresh().length,
      ...told(arrivals(), healMs),
      stock: told(stock.arrivals, healMs),
    };
  } finally {
    await moving.close();
    stock.close();
    await proxy.close();
    robot.close();
    await bridge.close();
  }
}

type Moved = { readonly timeMs: number; readonly leftMs: number };

const HOLDS: ReadonlySet<string> = new Set(['link lost', 'stale frame']);

const told = (arrivals: readonly Moved[], healMs: number) => {
  const late = arrivals.filter(({ timeMs }) => timeMs > healMs);
  const first = late.find(({ leftMs }) => leftMs > healMs);
  return {
    stale: late.filter(({ leftMs }) => leftMs < healMs).length,
    oldestMs: Math.max(0, ...arrivals.map(({ timeMs, leftMs }) => timeMs - leftMs)),
    streamMs: first === undefined ? Number.POSITIVE_INFINITY : first.timeMs - healMs,
  };
};

async function until(done: () => boolean, clock: Clock): Promise<void> {
  const endMs = clock.now() + PATIENCE_MS;
  while (!done() && clock.now() < endMs) await pause(5, clock);
}

/** The dot's world, with a third axis that moves nothing: every motion carries its number there. */
const taggedWorld = {
  ...dotWorld,
  actionSpec: {
    low: [-1, -1, 0],
    high: [1, 1, 1e9],
    rest: [0, 0, 0],
    maxRate: [1e9, 1e9, 1e9],
    names: ['linear.x', 'linear.y', 'linear.z'],
  },
};

const axis = { low: '-1 m/s', high: '1 m/s', rate: '20 m/s^2' };

async function movingBody(url: string, clock: Clock, random: Random) {
  const config = await checkRobotConfig(
    {
      cameras: { camera: { topic: '/camera/image_raw' } },
      actions: {
        topic: '/cmd_vel',
        type: 'geometry_msgs/Twist',
        axes: { 'linear.x': axis, 'linear.y': axis, 'linear.z': axis },
      },
      safety: { identicalMs: 'never' },
      beliefs: { diagnostics: false },
    },
    { path: 'toxics' },
  );
  const robot = await findRobot({
    config,
    url,
    clock,
    random: random.fork('link'),
    wallMs: () => 1.7e12 + clock.now(),
  });
  const driven = robot.drive();
  const watch = frameWatch({ identicalMs: Number.POSITIVE_INFINITY });
  const lock = interlock({
    clock,
    checks: [
      { name: 'camera', look: () => watch.fault(clock.now()) },
      { name: 'link', look: async () => ((await driven.link.prove()) ? undefined : 'no answer') },
    ],
  });
  const verdicts: Verdict[] = [];
  const leftMs: number[] = [];
  const number = (action: Action): Action => {
    if (action.every((value) => value === 0)) return action;
    leftMs.push(clock.now());
    return [action[0]!, action[1]!, leftMs.length - 1];
  };
  const agent = body(restless, robot.actionSpec, {
    clock,
    watch,
    interlock: lock,
    holds$: driven.holds$,
    everyMs: EVERY_MS,
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  const numbered = (seen$: Parameters<typeof agent>[0]): Observable<Action> => seen$.pipe(agent, map(number));
  const loop = run(driven.driver, numbered).subscribe();
  const armed = async () => (await lock.arm('the bench')).done;
  const endMs = clock.now() + PATIENCE_MS;
  while (!(await armed()) && clock.now() < endMs) await pause(20, clock);
  return {
    verdicts,
    leftMs,
    close: () => {
      loop.unsubscribe();
      return driven.close();
    },
  };
}

/** Always wants to go on. */
const restless: Mind = map(({ timeMs }) => ({
  timeMs,
  periodMs: EVERY_MS,
  actions: Array.from({ length: 6 }, () => [0.5, 0.25, 0]),
}));

/** roslib as it comes, publishing 20 times a second. */
async function stockClient(url: string, graph: ReturnType<typeof rosGraph>, clock: Clock) {
  const arrivals: Moved[] = [];
  const leftMs: number[] = [];
  const type = 'geometry_msgs/Twist';
  const end = graph.subscribe('/stock_robot', '/stock/cmd_vel', [type], (message) => {
    const { z } = message.linear as { z: number };
    arrivals.push({ timeMs: clock.now(), leftMs: leftMs[z]! });
  });
  const ros = new Ros({ url });
  let over = false;
  ros.on('error', () => {});
  ros.on('close', () => {
    if (!over) setTimeout(() => over || ros.connect(url), 500);
  });
  await new Promise<void>((resolve) => ros.once('connection', () => resolve()));
  const topic = new Topic({ ros, name: '/stock/cmd_vel', messageType: type });
  const timer = setInterval(() => {
    const z = leftMs.push(clock.now()) - 1;
    topic.publish({ linear: { x: 0.5, y: 0, z }, angular: { x: 0, y: 0, z: 0 } });
  }, EVERY_MS);
  return {
    arrivals,
    close: () => {
      over = true;
      clearInterval(timer);
      end();
      ros.close();
    },
  };
}
