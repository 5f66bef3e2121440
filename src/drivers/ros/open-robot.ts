import { filter, firstValueFrom, map, merge, NEVER, type Observable, Subscription, throwError, timeout } from 'rxjs';
import type { Clock } from '../../clock.ts';
import { LinkLost } from '../../errors.ts';
import type { Random } from '../../random.ts';
import type { ActionSpec, Driver } from '../driver.ts';
import { type Bridge, rosBridge } from './bridge.ts';
import { type CommandLink, commandLink } from './command-link.ts';
import { type RobotConfig, toActionSpec } from './config.ts';
import { type Discovery, discover, fatalProblem } from './discover.ts';
import { rosDriver } from './driver.ts';
import { keepTime } from './keep-time.ts';
import { readBool } from './messages/bool.ts';
import { command } from './messages/command.ts';
import { type Senses, senses } from './senses.ts';
import { type OpenSocket, webSocket } from './socket.ts';
import { type StampClock, stampClock } from './stamp-clock.ts';
import { typeName } from './version.ts';

export type OpenRobotOptions = {
  readonly config: RobotConfig;
  /** Instead of the configuration's. */
  readonly url?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Wall-clock time, ms since the epoch, for stamps where the robot's own time is not known. */
  readonly wallMs: () => number;
  /** Side of the pictures that the model wants, px. */
  readonly size?: number | undefined;
  /** Time of a control step, ms, for trajectories. */
  readonly periodMs?: number | undefined;
  /** How long to wait for a bridge at first: 5 s unless given. */
  readonly patienceMs?: number | undefined;
  readonly onEvent?: ((kind: string, what: string) => void) | undefined;
};

/** A robot behind a rosbridge, looked over and listened to. Nothing has been sent to it yet. */
export interface FoundRobot {
  readonly discovery: Discovery;
  readonly actionSpec: ActionSpec;
  readonly senses: Senses;
  readonly bridge: Bridge;
  readonly stamps: StampClock;
  /** One value whenever the robot's e-stop topic says stop, or says what cannot be read. */
  readonly eStop$: Observable<string>;
  /** The command that an action would be. */
  message(action: readonly number[]): object;
  /** Now, by the robot's clock as far as it is known, ms. */
  robotTime(): number;
  /** Opens the way for commands. Throws the first problem that forbids driving. */
  drive(): DrivenRobot;
  close(): void;
}

export interface DrivenRobot {
  readonly driver: Driver;
  readonly link: CommandLink;
  /** What keeps the robot at rest, for as long as it lasts. */
  readonly holds$: Observable<{ readonly reason: 'link lost' | 'robot silent'; readonly on: boolean }>;
  /** The last rest, acknowledged or not; then everything is closed. */
  close(): Promise<boolean>;
}

/** Learning the robot's time more exactly does not turn it back: stamps wait. By more than this it has really been set back, ms. */
const CORRECTION_MS = 200;

/** Connects, finds out what is there, and listens. Rejects with `LinkLost` or `BadConfig`; then nothing is left open. */
export async function findRobot(options: OpenRobotOptions): Promise<FoundRobot> {
  const { config, clock, random, patienceMs = 5000, onEvent = () => {} } = options;
  const url = options.url ?? config.ros.url;
  if (url === undefined)
    throw new LinkLost('no address of a bridge was given', { hint: 'say --url ws://HOST:9090, or set ros.url' });
  const { ca, token, auth } = config.ros;
  const open = webSocket({ url, ca, token, insecure: options.insecure });
  const words = auth && { op: 'auth', ...auth };
  const bridge = rosBridge({
    clock,
    random,
    open,
    url,
    auth: words,
    onLost: (why) => onEvent('bridge lost', why),
    onRefused: (why) => onEvent('message refused', why),
  });
  try {
    await connected(bridge, url, clock, patienceMs);
    const discovery = await discover(bridge, config);
    return found({ ...options, onEvent }, { url, open, auth: words, bridge, discovery });
  } catch (error) {
    bridge.close();
    throw error;
  }
}

type Parts = {
  readonly url: string;
  readonly open: OpenSocket;
  readonly auth: object | undefined;
  readonly bridge: Bridge;
  readonly discovery: Discovery;
};

function found(options: OpenRobotOptions, { open, auth, bridge, discovery }: Parts): FoundRobot {
  const { config, clock, random, wallMs, size, periodMs = 100, onEvent = () => {} } = options;
  const { version } = discovery;
  const { actions, safety } = config;
  const actionSpec = toActionSpec(config);
  const stamps = stampClock();
  const onBad = (topic: string, { message }: Error) => onEvent('bad message', `${topic}: ${message}`);
  const sensed = senses({ bridge, config, discovery, clock, stamps, size, onBad });
  const living = new Subscription();
  if (config.clock === undefined) living.add(keepTime(bridge, stamps, clock));

  const names = actionSpec.names;
  const say = command({ type: actions.type, version, names, frameId: actions.frame, stepMs: periodMs });
  let toldMs = 0;
  const robotTime = () => {
    const nowMs = Math.max(0, stamps.robotTime(clock.now()) ?? wallMs());
    if (nowMs > toldMs || toldMs - nowMs > CORRECTION_MS) toldMs = nowMs;
    return toldMs;
  };
  const message = (action: readonly number[]) => say(action, robotTime());
  const close = () => {
    living.unsubscribe();
    sensed.close();
    bridge.close();
  };

  return {
    discovery,
    actionSpec,
    senses: sensed,
    bridge,
    stamps,
    eStop$: eStops(bridge, safety.eStop?.topic, typeName('std_msgs/Bool', version)),
    message,
    robotTime,
    close,
    drive() {
      const problem = fatalProblem(discovery);
      if (problem !== undefined) throw problem;
      const link = commandLink({
        clock,
        random,
        open,
        auth,
        topics: published(config, discovery).map(({ topic, type }) => ({ topic, type: typeName(type, version) })),
        rest: () => ({ topic: actions.topic, msg: message(actionSpec.rest) }),
        doubtMs: safety.linkDoubtMs,
        onLost: (why) => onEvent('link lost', why),
      });
      const driver = rosDriver({ actionSpec, link, topic: actions.topic, message, sights$: sensed.sights$ });
      const holds$ = merge(
        link.state$.pipe(map((state) => ({ reason: 'link lost' as const, on: state !== 'up' }))),
        sensed.silent$.pipe(map((on) => ({ reason: 'robot silent' as const, on }))),
      );
      return {
        driver,
        link,
        holds$,
        close: async () => {
          const acknowledged = await link.close();
          close();
          return acknowledged;
        },
      };
    },
  };
}

/** All topics that may ever be published to: what the configuration names, no more. */
export function published(
  { actions, beliefs, ros }: RobotConfig,
  { all }: Discovery,
): { topic: string; type: string }[] {
  const beliefTopics = [
    [beliefs.path, 'nav_msgs/Path'],
    [beliefs.markers, 'visualization_msgs/MarkerArray'],
    [beliefs.distance, 'std_msgs/Float32'],
    [beliefs.diagnostics, 'diagnostic_msgs/DiagnosticArray'],
  ] as const;
  return [
    { topic: actions.topic, type: actions.type },
    ...beliefTopics.flatMap(([topic, type]) => (topic ? [{ topic, type }] : [])),
    ...ros.publish.flatMap((topic) => (all.has(topic) ? [{ topic, type: all.get(topic)! }] : [])),
  ];
}

function eStops(bridge: Bridge, topic: string | undefined, type: string): Observable<string> {
  if (topic === undefined) return NEVER;
  return bridge.topic({ topic, type, compression: 'none' }).pipe(
    map(({ msg }) => {
      try {
        return readBool(msg) ? `the topic ${topic}` : undefined;
      } catch (error) {
        return `the topic ${topic}, which cannot be read (${(error as Error).message})`;
      }
    }),
    filter((by) => by !== undefined),
  );
}

async function connected(bridge: Bridge, url: string, clock: Clock, patienceMs: number): Promise<void> {
  const none = () =>
    new LinkLost(`nothing that is a rosbridge answers at ${url}${bridge.trouble ? ` (${bridge.trouble})` : ''}`, {
      hint: 'is it started, and is the address right? Without a robot: premotor sim --task two-room --serve-ros 9090',
    });
  const limit = timeout<boolean, Observable<never>>({
    first: patienceMs,
    scheduler: clock,
    with: () => throwError(none),
  });
  await firstValueFrom(bridge.connected$.pipe(filter(Boolean), limit));
}
