import { BadConfig } from '../../../errors.ts';
import { nearest } from '../../../nearest.ts';
import type { Action } from '../../driver.ts';
import { header, writeStamp } from '../stamp.ts';
import type { RosVersion } from '../version.ts';

export const commandTypes = [
  'geometry_msgs/Twist',
  'geometry_msgs/TwistStamped',
  'trajectory_msgs/JointTrajectory',
  'std_msgs/Float64MultiArray',
] as const;
export type CommandType = (typeof commandTypes)[number];

/** What a twist has; the names of its actions are among these. */
export const twistNames = ['linear.x', 'linear.y', 'linear.z', 'angular.x', 'angular.y', 'angular.z'] as const;

export type CommandOptions = {
  readonly type: CommandType;
  readonly version: RosVersion;
  /** Of the action's axes, in its order: of a twist's parts, or of joints. */
  readonly names: readonly string[];
  /** Of the header, where there is one. */
  readonly frameId: string;
  /** How far a trajectory's only point lies ahead. */
  readonly stepMs: number;
};

export type Command = (action: Action, rosTimeMs: number) => Readonly<Record<string, unknown>>;

/**
 * How an action (m/s, rad/s, rad) is said to a robot. Throws `BadConfig` when the names do not suit the type; what it
 * returns throws `RangeError` when an action is not finite or of another length: NaN would arrive as null, or not at all.
 */
export function command({ type, version, names, frameId, stepMs }: CommandOptions): Command {
  checkNames(type, names);
  if (!(stepMs > 0)) throw new RangeError(`stepMs must be greater than 0, got ${stepMs}`);
  const say = sayings[type]({ type, version, names, frameId, stepMs });
  return (action, rosTimeMs) => {
    const finite = action.length === names.length && action.every(Number.isFinite);
    if (!finite) throw new RangeError(`action must be ${names.length} finite numbers, got [${action.join(', ')}]`);
    return say(action, rosTimeMs);
  };
}

const sayings: Readonly<Record<CommandType, (options: CommandOptions) => Command>> = {
  'geometry_msgs/Twist':
    ({ names }) =>
    (action) =>
      twist(names, action),
  'geometry_msgs/TwistStamped':
    ({ names, frameId, version }) =>
    (action, timeMs) => ({ header: header({ timeMs, frameId, version }), twist: twist(names, action) }),
  'trajectory_msgs/JointTrajectory':
    ({ names, frameId, version, stepMs }) =>
    (action) => ({
      // stamp 0 is "from now": a controller whose clock differs would refuse a trajectory that ended in its past
      header: header({ timeMs: 0, frameId, version }),
      joint_names: [...names],
      points: [
        {
          positions: [...action],
          velocities: [],
          accelerations: [],
          effort: [],
          time_from_start: writeStamp(stepMs, version),
        },
      ],
    }),
  'std_msgs/Float64MultiArray': () => (action) => ({ layout: { dim: [], data_offset: 0 }, data: [...action] }),
};

function twist(names: readonly string[], action: Action) {
  const of = (name: string) => action[names.indexOf(name)] ?? 0;
  const axes = (part: string) => ({ x: of(`${part}.x`), y: of(`${part}.y`), z: of(`${part}.z`) });
  return { linear: axes('linear'), angular: axes('angular') };
}

function checkNames(type: CommandType, names: readonly string[]): void {
  if (!commandTypes.includes(type)) throw unknown('type', type, commandTypes);
  if (names.length === 0) throw new BadConfig(`names must hold at least one name for ${type}, got none`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new BadConfig(`names must differ, got ${JSON.stringify(twice)} twice`);
  if (names.includes('')) throw new BadConfig('names must not be empty, got ""');
  if (!type.startsWith('geometry_msgs/')) return;
  const wrong = names.find((name) => !(twistNames as readonly string[]).includes(name));
  if (wrong !== undefined) throw unknown(`names of a ${type}`, wrong, twistNames);
}

function unknown(what: string, got: string, known: readonly string[]): BadConfig {
  const meant = nearest(got, known);
  return new BadConfig(`${what} must be among ${known.join(', ')}, got ${JSON.stringify(got)}`, {
    ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
  });
}
