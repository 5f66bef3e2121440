import { type ChildProcess, fork, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type RosBridge, rosBridge } from '../../sim/ros/bridge.ts';
import { type RosGraph, rosGraph } from '../../sim/ros/graph.ts';
import { type RosRobot, rosRobot } from '../../sim/ros/robot.ts';
import type { World } from '../../sim/world.ts';
import { pause, realClock } from '../../src/clock.ts';
import type { Action } from '../../src/drivers/driver.ts';
import type { RobotConfigInput } from '../../src/drivers/ros/config.ts';
import { sibling } from '../../src/spawn.ts';
import { type Dot, dotFrame, dotWorld } from '../../test/support/dot.ts';
import type { BodyNews, BodyOrder, BodyStart } from './body-process.ts';

/** The machine's monotonic clock, shared with all processes of a bench. */
export const clock = realClock();

/** A robot behind a bridge, in this process. */
export interface Rig<State> {
  readonly url: string;
  readonly graph: RosGraph;
  readonly bridge: RosBridge;
  readonly robot: RosRobot<State>;
  close(): Promise<void>;
}

export async function rig<State>(
  world: World<State>,
  options: Pick<Parameters<typeof rosRobot<State>>[1], 'start' | 'size' | 'onState' | 'onNote'>,
): Promise<Rig<State>> {
  const epochMs = Date.now() - clock.now();
  const graph = rosGraph({ version: 1, now: () => epochMs + clock.now() });
  const bridge = await rosBridge({ graph, port: 0 });
  const robot = rosRobot(world, { graph, clock, ...options });
  return {
    url: bridge.url,
    graph,
    bridge,
    robot,
    close: async () => {
      robot.close();
      await bridge.close();
    },
  };
}

/** Both axes up to 1, and from one end to the other within a step of two-room. */
const axis = { low: '-1 m/s', high: '1 m/s', rate: '20 m/s^2' };

export const config: RobotConfigInput = {
  cameras: { camera: { topic: '/camera/image_raw' } },
  actions: { topic: '/cmd_vel', type: 'geometry_msgs/Twist', axes: { 'linear.x': axis, 'linear.y': axis } },
  safety: { identicalMs: 'never', eStop: { topic: '/e_stop' } },
};

/** A dot on a torus: there is always somewhere to go. */
export const endlessDot: World<Dot> = {
  ...dotWorld,
  step: ([x, y], [vx, vy]) => [(x + vx! * 0.05 + 1) % 1, (y + vy! * 0.05 + 1) % 1],
};

/** A body in a process of its own. */
export interface BodyProcess {
  readonly child: ChildProcess;
  /** The process of the newest mind that was ready, and when that was. */
  readonly mind: { readonly pid: number; readonly readyMs: number };
  /** What happened to it, the newest last. */
  readonly events: readonly { readonly timeMs: number; readonly what: string }[];
  /** The last line that a mind has printed. */
  readonly line: string;
  /** Why the run has ended by itself, if it has. */
  readonly over: string | undefined;
  order(order: BodyOrder): void;
  /** The next news of this kind; rejects when it does not come within 30 s. */
  heard<K extends BodyNews['kind']>(kind: K): Promise<Extract<BodyNews, { kind: K }>>;
  arm(): Promise<void>;
  /** How it ended, and when. */
  readonly ended: Promise<{ readonly code: number | null; readonly timeMs: number; readonly acknowledged?: boolean }>;
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** Starts a body; it has a mind when this resolves. */
export async function bodyProcess(start: BodyStart): Promise<BodyProcess> {
  const { url, execArgv } = sibling(import.meta.url, 'body-process');
  const child = fork(fileURLToPath(url), [JSON.stringify(start)], { execArgv, serialization: 'advanced' });
  const waiting = new Set<(news: BodyNews) => void>();
  let mind = { pid: 0, readyMs: 0 };
  const events: { readonly timeMs: number; readonly what: string }[] = [];
  let line = '';
  let over: string | undefined;
  let acknowledged: boolean | undefined;
  child.on('message', (news: BodyNews) => {
    if (news.kind === 'mind') mind = { pid: news.pid, readyMs: clock.now() };
    if (news.kind === 'event') events.push(news);
    if (news.kind === 'log') line = news.line;
    if (news.kind === 'over') over = news.why;
    if (news.kind === 'stopped') acknowledged = news.acknowledged;
    if (news.kind === 'refused') console.error(`the body may not be armed: ${news.why}`);
    for (const hear of [...waiting]) hear(news);
  });
  const ended = new Promise<Awaited<BodyProcess['ended']>>((resolve) => {
    child.once('exit', (code) => {
      const timeMs = clock.now();
      setImmediate(() => resolve({ code, timeMs, ...(acknowledged === undefined ? {} : { acknowledged }) }));
    });
  });
  const heard = <K extends BodyNews['kind']>(kind: K) =>
    new Promise<Extract<BodyNews, { kind: K }>>((resolve, reject) => {
      const hear = (news: BodyNews) => {
        if (news.kind !== kind) return;
        waiting.delete(hear);
        clearTimeout(late);
        resolve(news as Extract<BodyNews, { kind: K }>);
      };
      const late = setTimeout(() => {
        waiting.delete(hear);
        reject(new Error(`the body said nothing of "${kind}" within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      waiting.add(hear);
    });
  const order = (given: BodyOrder) => {
    if (child.connected) child.send(given, () => {});
  };
  await heard('mind');
  return {
    child,
    events,
    get mind() {
      return mind;
    },
    get line() {
      return line;
    },
    get over() {
      return over;
    },
    order,
    heard,
    arm: async () => {
      const armed = heard('armed');
      order({ kind: 'arm' });
      await armed;
    },
    ended,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A body with the mind that always wants to go on. */
export async function restlessBody(url: string): Promise<BodyProcess> {
  const mind = { module: new URL('./restless-mind.ts', import.meta.url).href, load: { checkpoint: 'none' } };
  const body = await bodyProcess({ url, config, mind });
  body.order({ kind: 'goal', goal: { frame: dotFrame([1, 1]) } });
  await body.arm();
  return body;
}

/** Keeps every core busy until it is called off. */
export function busyCores(): () => void {
  const children = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  return () => {
    for (const child of children) child.kill('SIGKILL');
  };
}

/** How late this process itself was at most since it was last asked, ms. */
export function lateness(): { take(): number; close(): void } {
  let dueMs = clock.now() + LOOK_MS;
  let worst = 0;
  const look = () => {
    worst = Math.max(worst, clock.now() - dueMs);
    dueMs = clock.now() + LOOK_MS;
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    take: () => {
      look();
      const taken = worst;
      worst = 0;
      return taken;
    },
    close: () => clearInterval(timer),
  };
}
const LOOK_MS = 5;

export const isMotion = (action: Action): boolean => action.some((value) => value !== 0);

/** Waits until the robot is told to move, again and again. */
export async function moving(robot: Pick<RosRobot<unknown>, 'arrivals'>): Promise<void> {
  const beganMs = clock.now();
  for (;;) {
    const last = robot.arrivals().slice(-3);
    const fresh = last.length === 3 && last.every(({ timeMs }) => timeMs > beganMs);
    if (fresh && last.every(({ action }) => isMotion(action)) && clock.now() - last[2]!.timeMs < 100) return;
    if (clock.now() - beganMs > PATIENCE_MS) throw new Error(`nobody has moved the robot for ${PATIENCE_MS} ms`);
    await pause(5, clock);
  }
}

export type Stop = {
  /** From `sinceMs` to the first rest read after which no motion was; `Infinity`: none. */
  readonly ms: number;
  /** Motions read after the first rest. */
  readonly strays: number;
};

/** What was read of commands from `sinceMs` on, until `untilMs`. */
export function stopSince(
  robot: Pick<RosRobot<unknown>, 'arrivals'>,
  sinceMs: number,
  untilMs = Number.POSITIVE_INFINITY,
): Stop {
  const since = robot.arrivals().filter(({ timeMs }) => timeMs >= sinceMs && timeMs < untilMs);
  const firstRest = since.findIndex(({ action }) => !isMotion(action));
  const lastMotion = since.findLastIndex(({ action }) => isMotion(action));
  const rest = since[lastMotion + 1];
  return {
    ms: rest === undefined ? Number.POSITIVE_INFINITY : rest.timeMs - sinceMs,
    strays: firstRest < 0 ? 0 : since.slice(firstRest).filter(({ action }) => isMotion(action)).length,
  };
}
