import { Observable, Subject, type Subscription } from 'rxjs';
import type { Clock } from '../../clock.ts';
import type { Frame } from '../driver.ts';
import type { Bridge, Received } from './bridge.ts';
import { fieldsOf } from './check.ts';
import type { CameraConfig, RobotConfig } from './config.ts';
import { COMPRESSED, type Discovery, IMAGE } from './discover.ts';
import type { Sight } from './driver.ts';
import { readClock } from './messages/clock.ts';
import { readJointState } from './messages/joint-state.ts';
import { readOdometry } from './messages/odometry.ts';
import { pictures } from './pictures.ts';
import { decodeRaw } from './raw.ts';
import { stampOf } from './stamp.ts';
import type { StampClock } from './stamp-clock.ts';
import { compressionFor, typeName } from './version.ts';

export type SensesOptions = {
  readonly bridge: Bridge;
  readonly config: RobotConfig;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly stamps: StampClock;
  /** Side of the pictures that the model wants, px; as they come unless given. */
  readonly size?: number | undefined;
  /** Told of every message that could not be read. */
  readonly onBad: (topic: string, error: Error) => void;
};

export interface Senses {
  /** One for every picture of the first camera, with the newest of the rest. */
  readonly sights$: Observable<Sight>;
  /** Whether something that the robot measures (joints, odometry) has not come for too long. */
  readonly silent$: Observable<boolean>;
  /** Pictures of each camera: come, used, dropped because a newer one came, and unreadable. */
  counts(): Readonly<Record<string, { in: number; used: number; dropped: number; bad: number }>>;
  /** What was measured last: x, y, yaw, v, w. */
  readonly odometry: readonly number[] | undefined;
  close(): void;
}

/** At most one picture in so many ms: more than any mind thinks. */
const THROTTLE_MS = 25;
/** Measurements older than this are none, ms. */
const SILENT_MS = 1000;

/** What comes in from a robot, decoded, dated by this machine's clock. */
export function senses({ bridge, config, discovery, clock, stamps, size, onBad }: SensesOptions): Senses {
  const { version } = discovery;
  const latest: { joints?: Dated; odometry?: Dated } = {};
  const frames = new Map<string, { readonly frame: Frame; readonly timeMs: number }>();
  const subscriptions: Subscription[] = [];
  const sights$ = new Subject<Sight>();

  const listen = (topic: string, type: string, wanted: CameraConfig['compression'], throttleMs: number) => {
    const compression = compressionFor(type, version, wanted);
    const received$ = bridge.topic({ topic, type: typeName(type, version), compression, throttleMs });
    return compression !== 'cbor-raw' ? received$ : received$.pipe(unpacked(topic, type));
  };
  const unpacked = (topic: string, type: string) => (received$: Observable<Received>) =>
    new Observable<Received>((subscriber) =>
      received$.subscribe(({ msg, receivedMs }) => {
        const read = attempt(topic, () => decodeRaw(type, version, msg));
        if (read !== undefined) subscriber.next({ msg: read, receivedMs });
      }),
    );
  const attempt = <T>(topic: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      onBad(topic, error as Error);
      return undefined;
    }
  };
  const measure = (topic: string, type: string, read: (message: unknown, receivedMs: number) => void) =>
    subscriptions.push(
      listen(topic, type, 'auto', 0).subscribe(({ msg, receivedMs }) => attempt(topic, () => read(msg, receivedMs))),
    );

  const [main] = Object.keys(config.cameras);
  const eyes = Object.entries(config.cameras).map(([name, { topic, compression, throttleMs, crop, depth }]) => {
    const type = discovery.topics.find((found) => found.use === `camera ${name}`)?.type ?? IMAGE;
    const eye = pictures<number>({
      clock,
      crop,
      ...(size === undefined ? {} : { size: { width: size, height: size } }),
      ...(depth === undefined ? {} : { depth }),
      onBad: (error) => onBad(topic, error),
    });
    const kind = type === COMPRESSED ? 'compressed' : 'image';
    const every = throttleMs === 'auto' ? THROTTLE_MS : throttleMs;
    subscriptions.push(
      listen(topic, type, compression, every).subscribe(({ msg, receivedMs }) => {
        const stamp = attempt(topic, () => stampOf(fieldsOf(msg, 'the picture')));
        eye.offer(kind, msg, stamps.date(stamp, receivedMs));
      }),
      eye.frames$.subscribe(({ frame, meta: timeMs }) => {
        frames.set(name, { frame, timeMs });
        if (name === main) sights$.next(sightOf(timeMs));
      }),
    );
    return { name, eye };
  });

  const proprioNow = () => {
    const parts = [latest.odometry, latest.joints].filter((part) => part !== undefined);
    return parts.length === 0 ? {} : { proprio: parts.flatMap(({ values }) => values) };
  };
  const sightOf = (timeMs: number): Sight => {
    const recent = [...frames].filter(([, one]) => Math.abs(one.timeMs - timeMs) < SILENT_MS);
    recent.sort(([a], [b]) => Number(b === main) - Number(a === main));
    return { timeMs, frames: Object.fromEntries(recent.map(([name, { frame }]) => [name, frame])), ...proprioNow() };
  };

  const { joints, odometry, clock: time } = config;
  if (joints)
    measure(joints.topic, 'sensor_msgs/JointState', (message, timeMs) => {
      latest.joints = { timeMs, values: readJointState(message, joints.names).position };
    });
  if (odometry)
    measure(odometry.topic, 'nav_msgs/Odometry', (message, timeMs) => {
      const { x, y, yaw, v, w } = readOdometry(message);
      latest.odometry = { timeMs, values: [x, y, yaw, v, w] };
    });
  if (time)
    measure(time.topic, 'rosgraph_msgs/Clock', (message, at) => stamps.sync(readClock(message), at, CLOCK_ERROR_MS));

  const silent = (dated: Dated | undefined, asked: unknown) =>
    asked !== undefined && !(dated !== undefined && clock.now() - dated.timeMs < SILENT_MS);
  const silent$ = new Observable<boolean>((subscriber) =>
    clock.schedule(function () {
      subscriber.next(silent(latest.joints, joints) || silent(latest.odometry, odometry));
      this.schedule(undefined, SILENT_MS / 10);
    }),
  );

  return {
    sights$,
    silent$,
    counts: () => Object.fromEntries(eyes.map(({ name, eye }) => [name, eye.counts()])),
    get odometry() {
      return silent(latest.odometry, odometry) ? undefined : latest.odometry?.values;
    },
    close() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      for (const { eye } of eyes) eye.close();
      sights$.complete();
    },
  };
}

type Dated = { readonly timeMs: number; readonly values: readonly number[] };
/** A clock message may have been on its way for so long, ms. */
const CLOCK_ERROR_MS = 10;
