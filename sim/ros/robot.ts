import { Subject } from 'rxjs';
import type { Clock } from '../../src/clock.ts';
import type { Action } from '../../src/drivers/driver.ts';
import { worldDriver } from '../world-driver.ts';
import { rosCamera } from './camera.ts';
import { commandReader } from './command.ts';
import type { Message } from './fill.ts';
import type { RosGraph } from './graph.ts';
import { rosSenses, type SensingWorld } from './senses.ts';
import { type WatchdogState, watchdog } from './watchdog.ts';

export type RobotTopics = {
  readonly camera: string;
  readonly command: string;
  readonly eStop: string;
  readonly odometry: string;
  readonly joints: string;
};

export const usualTopics: RobotTopics = {
  camera: '/camera/image_raw',
  command: '/cmd_vel',
  eStop: '/e_stop',
  odometry: '/odom',
  joints: '/joint_states',
};

export type RosRobotOptions<State> = {
  readonly graph: RosGraph;
  readonly start: State;
  /** Side of the pictures, px. */
  readonly size: number;
  readonly clock: Clock;
  /** Time between two steps: the world's own unless given. */
  readonly periodMs?: number;
  /** Time between two pictures: one a step unless given. */
  readonly cameraPeriodMs?: number;
  /** No command for so long, and the robot rests. */
  readonly timeoutMs?: number;
  readonly topics?: Partial<RobotTopics>;
  /** Where each axis is in a Twist, as `{ x: 'linear.x' }`. */
  readonly places?: Readonly<Record<string, string>>;
  readonly frameId?: string;
  readonly format?: 'png' | 'jpeg';
  /** Publish ROS time on /clock. */
  readonly publishClock?: boolean;
  readonly node?: string;
  /** The true state: the start, and after every step. */
  readonly onState?: (state: State, timeMs: number) => void;
  readonly onNote?: (line: string) => void;
};

export type Arrival = { readonly timeMs: number; readonly action: Action };

/** A world that behaves as a robot on a ROS graph. */
export interface RosRobot<State> {
  /** Every command as it came, with the time on this clock; the newest 65536. */
  arrivals(): readonly Arrival[];
  readonly commands: number;
  readonly watchdog: WatchdogState;
  readonly enabled: boolean;
  /** The action in force now. */
  readonly action: Action;
  readonly state: State;
  readonly topics: { readonly published: readonly string[]; readonly subscribed: readonly string[] };
  /** Rests, enables and begins again: at the start, or where it is put. */
  reset(state?: State): void;
  close(): void;
}

const KEPT_ARRIVALS = 65_536;

export function rosRobot<State>(world: SensingWorld<State>, options: RosRobotOptions<State>): RosRobot<State> {
  const { graph, start, size, clock, node = '/robot', timeoutMs = 500, format = 'png', onNote = () => {} } = options;
  const { periodMs = world.periodMs, cameraPeriodMs = periodMs, frameId = 'camera', places } = options;
  const topics = { ...usualTopics, ...options.topics };
  const { rest } = world.actionSpec;
  const reader = commandReader(world.actionSpec, places);
  const actions$ = new Subject<Action>();
  const put$ = new Subject<State>();
  const log: Arrival[] = [];
  let commands = 0;
  let enabled = true;
  let state = start;
  let action = rest;
  let shownMs = -Infinity;
  let stamp: Message = graph.now();

  const act = (next: Action) => {
    action = next;
    actions$.next(next);
  };
  const dog = watchdog(timeoutMs, clock, () => {
    act(rest);
    onNote(`no command for ${timeoutMs} ms: the robot rests`);
  });
  const enable = (on: boolean, why: string) => {
    if (enabled !== on) onNote(why);
    enabled = on;
    if (!on) act(rest);
  };
  const hear = (message: Message, type: string) => {
    const next = reader.read(message, type);
    commands++;
    log.push({ timeMs: clock.now(), action: next });
    if (log.length > KEPT_ARRIVALS) log.splice(0, KEPT_ARRIVALS / 16);
    dog.feed();
    if (enabled) act(next);
  };
  const reset = (next: State = start) => {
    enable(true, 'reset: the robot is enabled');
    act(rest);
    state = next;
    put$.next(next);
  };

  const camera = rosCamera({ graph, node, topic: topics.camera, frameId, format });
  const senses = rosSenses({ world, graph, node, topics });
  const time = options.publishClock ? graph.advertise(node, '/clock', 'rosgraph_msgs/Clock') : undefined;
  const done = (message: string) => ({ success: true, message });
  const ends = [
    graph.subscribe(node, topics.command, reader.types, hear),
    graph.subscribe(node, topics.eStop, ['std_msgs/Bool'], ({ data }) => {
      if (data === true) enable(false, 'e-stop: the robot rests until it is reset or enabled');
    }),
    graph.offer({
      name: `${node}/reset`,
      type: 'std_srvs/Trigger',
      node,
      handle: () => {
        reset();
        return done('at the start');
      },
    }),
    graph.offer({
      name: `${node}/enable`,
      type: 'std_srvs/SetBool',
      node,
      handle: (asked) => {
        const { data } = asked as { data: boolean };
        enable(data, data ? 'the robot is enabled' : 'the robot is disabled');
        return done(`enabled=${enabled}`);
      },
    }),
    graph.offer({
      name: `${node}/state`,
      type: 'std_srvs/Trigger',
      node,
      handle: () => {
        const told = { state: world.encodeState(state), action, enabled, watchdog: dog.state, commands };
        return done(JSON.stringify(told));
      },
    }),
    camera.close,
    senses.close,
    () => time?.close(),
    dog.close,
  ];

  const robot = worldDriver(world, {
    start,
    size,
    clock,
    periodMs,
    put$,
    looks: (timeMs) => camera.wanted && timeMs - shownMs >= cameraPeriodMs - 1e-6,
    onState: (next, timeMs) => {
      state = next;
      stamp = graph.now();
      time?.publish({ clock: stamp });
      senses.show(next, stamp);
      options.onState?.(next, timeMs);
    },
  });
  const loop = robot.connect(actions$).subscribe(({ timeMs, frames }) => {
    const [frame] = Object.values(frames);
    if (frame === undefined) return;
    // by a fixed rhythm: the next is due a period after this one was, not after it was drawn
    shownMs = timeMs - shownMs < 2 * cameraPeriodMs ? shownMs + cameraPeriodMs : timeMs;
    camera.show(frame, stamp);
  });

  return {
    arrivals: () => log,
    get commands() {
      return commands;
    },
    get watchdog() {
      return dog.state;
    },
    get enabled() {
      return enabled;
    },
    get action() {
      return action;
    },
    get state() {
      return state;
    },
    topics: {
      published: [topics.camera, `${topics.camera}/compressed`, ...senses.topics, ...(time ? ['/clock'] : [])],
      subscribed: [topics.command, topics.eStop],
    },
    reset,
    close: () => {
      loop.unsubscribe();
      for (const end of ends) end();
    },
  };
}
