import { BadConfig } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { Quantity } from '../units.ts';
import type { AxisConfig, CameraConfig, RobotConfig } from './config.ts';
import type { WrittenRobot } from './config-schema.ts';
import { absoluteName, readNamespace, resolveTopic } from './topic-name.ts';

/** What recordings call pictures that no camera took: what is remembered that is most like an imagined end, and the goal. */
export const NO_CAMERAS = ['imagined', 'goal'];

/** A robot in SI and with its topics' true names; refuses values that would be unsafe. */
export function resolveRobot(written: WrittenRobot, quantity: Quantity): RobotConfig {
  const { name, ros, cameras, joints, odometry, clock, actions, safety, beliefs, model } = written;
  const { version } = ros;
  const namespace = readNamespace(ros.namespace, version);
  const remap = Object.fromEntries(
    Object.entries(ros.remap).map(([from, to]) => [
      absoluteName(from, 'a name in ros.remap', { version, namespace }),
      absoluteName(to, `ros.remap.${from}`, { version, namespace }),
    ]),
  );
  const topic = (text: string, what: string) => resolveTopic(text, what, { version, namespace, remap });
  const within = (value: string | number, key: string, { min = 0, max = Infinity, why = '' }: Range): number => {
    const ms = quantity(value, 'ms', key);
    if (ms >= min && ms <= max) return ms;
    const range = ms < min ? `at least ${min} ms` : `at most ${max} ms`;
    throw new BadConfig(`${key} must be ${range}, got ${ms} ms`, why ? { hint: why } : {});
  };
  const camera = (key: string, { topic: text, depth, throttleMs, ...rest }: WrittenCamera): CameraConfig => ({
    topic: topic(text, `cameras.${key}.topic`),
    ...rest,
    throttleMs: throttleMs === 'auto' ? throttleMs : within(throttleMs, `cameras.${key}.throttleMs`, { max: 2000 }),
    ...(depth ? { depth: depthRange(depth, `cameras.${key}.depth`, quantity) } : {}),
  });
  const optional = (part: { topic: string } | undefined, what: string) =>
    part && { topic: topic(part.topic, `${what}.topic`) };

  if (Object.keys(cameras).length === 0) throw new BadConfig('cameras must name at least one camera');
  for (const taken of NO_CAMERAS)
    if (Object.hasOwn(cameras, taken))
      throw new BadConfig(`cameras must have other names than ${NO_CAMERAS.join(' and ')}, got ${taken}`, {
        hint: 'recordings call by them what no camera took',
      });
  if (joints && new Set(joints.names).size < joints.names.length)
    throw new BadConfig('joints.names must not name a joint twice');
  const everyMs = within(actions.everyMs, 'actions.everyMs', {
    min: 5,
    max: 100,
    why: 'a robot that hears a command less than ten times a second moves in jerks, and long on a lost link',
  });
  const { robotTimeoutMs, identicalMs, eStop } = safety;
  return deepFrozen(
    defined({
      name,
      ros: defined({ ...ros, namespace, remap, publish: ros.publish.map((text) => topic(text, 'ros.publish')) }),
      cameras: Object.fromEntries(Object.entries(cameras).map(([key, value]) => [key, camera(key, value)])),
      joints: joints && { topic: topic(joints.topic, 'joints.topic'), names: joints.names },
      odometry: optional(odometry, 'odometry'),
      clock: optional(clock, 'clock'),
      actions: {
        topic: topic(actions.topic, 'actions.topic'),
        type: actions.type,
        frame: actions.frame,
        everyMs,
        axes: axesOf(actions, quantity),
      },
      safety: defined({
        commandAgeMs: within(safety.commandAgeMs, 'safety.commandAgeMs', {
          min: everyMs,
          max: 1000,
          why: `from one command's time (${everyMs} ms) to a second: a robot without a mind must stop within that`,
        }),
        frameAgeMs: within(safety.frameAgeMs, 'safety.frameAgeMs', {
          min: 1,
          max: 2000,
          why: 'a robot that has seen nothing for two seconds drives blind',
        }),
        identicalMs:
          identicalMs === 'never'
            ? Number.POSITIVE_INFINITY
            : within(identicalMs, 'safety.identicalMs', { min: 1, why: "'never' turns it off" }),
        linkDoubtMs: within(safety.linkDoubtMs, 'safety.linkDoubtMs', {
          min: everyMs,
          max: 1000,
          why: `from one command's time (${everyMs} ms) to a second: what is sent after that may arrive late, all at once`,
        }),
        resumeWithinMs: within(safety.resumeWithinMs, 'safety.resumeWithinMs', {}),
        eStop: optional(eStop, 'safety.eStop'),
        robotTimeoutMs:
          robotTimeoutMs === undefined
            ? undefined
            : within(robotTimeoutMs, 'safety.robotTimeoutMs', {
                min: everyMs + 1,
                why: `the robot would stop between two commands, which are ${everyMs} ms apart`,
              }),
      }),
      beliefs: defined({
        path: beliefs.path && topic(beliefs.path, 'beliefs.path'),
        markers: beliefs.markers && topic(beliefs.markers, 'beliefs.markers'),
        distance: beliefs.distance && topic(beliefs.distance, 'beliefs.distance'),
        diagnostics: beliefs.diagnostics !== false && topic(beliefs.diagnostics, 'beliefs.diagnostics'),
        frame: beliefs.frame,
      }),
      model: defined({
        ...model,
        periodMs: model.periodMs === undefined ? undefined : within(model.periodMs, 'model.periodMs', { min: 1 }),
      }),
    }),
  ) as RobotConfig;
}

type WrittenCamera = WrittenRobot['cameras'][string];
type Range = { readonly min?: number; readonly max?: number; readonly why?: string };

function depthRange(depth: NonNullable<WrittenCamera['depth']>, what: string, quantity: Quantity) {
  const [nearM, farM] = [quantity(depth.nearM, 'm', `${what}.nearM`), quantity(depth.farM, 'm', `${what}.farM`)];
  if (nearM >= 0 && nearM < farM) return { nearM, farM };
  throw new BadConfig(`${what} must have 0 <= nearM < farM, got ${nearM} and ${farM}`);
}

const TWIST = ['linear', 'angular'].flatMap((part) => ['x', 'y', 'z'].map((axis) => `${part}.${axis}`));
const MOST_AXES = 64;

function axesOf({ axes, type }: WrittenRobot['actions'], quantity: Quantity): AxisConfig[] {
  const entries = Object.entries(axes);
  if (entries.length === 0 || entries.length > MOST_AXES)
    throw new BadConfig(`actions.axes must name 1 to ${MOST_AXES} axes, got ${entries.length}`);
  return entries.map(([name, axis]) => {
    const where = `actions.axes.${name}`;
    const unit = unitOf(name, axis.unit, type, where);
    const read = (key: keyof Omit<typeof axis, 'unit'>, power: number, missing: number): number => {
      const value = axis[key];
      return value === undefined ? missing : quantity(value, over(unit, power), `${where}.${key}`);
    };
    const high = read('high', 0, 0);
    const low = read('low', 0, -high);
    const rest = read('rest', 0, 0);
    const rate = read('rate', 1, 0);
    const acceleration = axis.acceleration === Infinity ? Infinity : read('acceleration', 2, Infinity);
    const deadBand = read('deadBand', 0, 0);
    const bad = (key: string, must: string, got: number) =>
      new BadConfig(`${where}.${key} must be ${must}, got ${got}`);
    if (!(low < high)) throw bad('high', `above low (${low})`, high);
    if (!(low <= rest && rest <= high)) throw bad('rest', `from ${low} to ${high}`, rest);
    if (!(rate > 0)) throw bad('rate', 'above 0', rate);
    if (!(acceleration > 0)) throw bad('acceleration', 'above 0', acceleration);
    if (!(deadBand >= 0 && deadBand < high - low)) throw bad('deadBand', `from 0 to below ${high - low}`, deadBand);
    return { name, low: low + 0, high: high + 0, rest: rest + 0, rate, acceleration, deadBand: deadBand + 0 };
  });
}

/** The unit of an axis' values. */
function unitOf(name: string, asked: 'rad' | 'm' | 'none' | undefined, type: string, where: string): string {
  if (type.startsWith('geometry_msgs/')) {
    if (!TWIST.includes(name)) {
      const meant = nearest(name, TWIST);
      throw new BadConfig(`a ${type} has no axis '${name}'`, {
        hint: meant ? `did you mean '${meant}'?` : `known: ${TWIST.join(', ')}`,
      });
    }
    if (asked) throw new BadConfig(`${where}.unit must be left out: a ${type} is in m/s and rad/s`);
    return name.startsWith('linear') ? 'm/s' : 'rad/s';
  }
  const unit = asked ?? (type === 'trajectory_msgs/JointTrajectory' ? 'rad' : 'none');
  return unit === 'none' ? '' : unit;
}

/** `m/s` over s is `m/s^2`. */
function over(unit: string, power: number): string {
  const [top, bottom] = unit.split('/');
  const seconds = power + (bottom === undefined ? 0 : 1);
  if (seconds === 0) return unit;
  if (top === '') return seconds === 1 ? 's^-1' : `s^-${seconds}`;
  return seconds === 1 ? `${top}/s` : `${top}/s^${seconds}`;
}

/** Without the keys that have no value. */
const defined = (value: object) => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFrozen(inner);
  return Object.freeze(value);
}
