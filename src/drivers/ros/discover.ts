import { LinkLost } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { Bridge } from './bridge.ts';
import type { RobotConfig } from './config.ts';
import { plainType, type RosVersion } from './version.ts';

/** A topic of the configuration, as it was found on the robot. */
export type FoundTopic = {
  /** What it is for, e.g. `camera front`. */
  readonly use: string;
  readonly topic: string;
  readonly direction: 'in' | 'out';
  /** `pkg/Type`; `undefined` when nobody has it. */
  readonly type: string | undefined;
  readonly expected: readonly string[];
  /** Nodes at the other end. */
  readonly peers: readonly string[];
  /** What is wrong with it, and whether that forbids driving. */
  readonly problem?: string;
  readonly fatal?: boolean;
};

export type Discovery = {
  readonly version: RosVersion;
  readonly topics: readonly FoundTopic[];
  /** All that the robot has, by name. */
  readonly all: ReadonlyMap<string, string>;
};

type Use = Pick<FoundTopic, 'use' | 'topic' | 'direction' | 'expected'> & { readonly needed: boolean };

/** Which version the robot runs, and what it has of what the configuration names. Rejects with `LinkLost`. */
export async function discover(bridge: Bridge, config: RobotConfig): Promise<Discovery> {
  const all = await topicsOf(bridge);
  const version = config.ros.version === 'auto' ? versionOf(all) : config.ros.version;
  const topics = await Promise.all(usesOf(config).map((use) => examine(bridge, all, use)));
  return { version, topics, all };
}

/** The first problem that forbids driving, as an error; none if all is well. */
export function fatalProblem({ topics }: Discovery): LinkLost | undefined {
  const found = topics.find(({ fatal }) => fatal);
  return found && new LinkLost(`${found.use}: ${found.problem}`, { hint: 'see what is there with --dry-run' });
}

async function topicsOf(bridge: Bridge): Promise<Map<string, string>> {
  const answer = (await bridge.call('/rosapi/topics')) as { topics?: unknown; types?: unknown } | null;
  const [names, types] = [answer?.topics, answer?.types];
  if (!Array.isArray(names) || !Array.isArray(types) || names.length !== types.length)
    throw new LinkLost('/rosapi/topics does not answer as rosapi does', {
      hint: 'start rosapi beside the rosbridge server',
    });
  return new Map(names.map((name, i) => [String(name), String(types[i])]));
}

/** ROS 2 calls types `pkg/msg/Type`. */
const versionOf = (all: ReadonlyMap<string, string>): RosVersion =>
  [...all.values()].some((type) => type.includes('/msg/')) ? 2 : 1;

function usesOf({ cameras, joints, odometry, clock, actions, safety, beliefs }: RobotConfig): Use[] {
  const listen = (use: string, topic: string | undefined, ...expected: string[]): Use[] =>
    topic === undefined ? [] : [{ use, topic, direction: 'in', expected, needed: true }];
  const tell = (use: string, topic: string | false | undefined, expected: string): Use[] =>
    topic ? [{ use, topic, direction: 'out', expected: [expected], needed: false }] : [];
  const images = Object.entries(cameras).flatMap(([name, { topic, compressed }]) => {
    const types = compressed === 'auto' ? [IMAGE, COMPRESSED] : [compressed ? COMPRESSED : IMAGE];
    return listen(`camera ${name}`, topic, ...types);
  });
  return [
    ...images,
    ...listen('joints', joints?.topic, 'sensor_msgs/JointState'),
    ...listen('odometry', odometry?.topic, 'nav_msgs/Odometry'),
    ...listen('clock', clock?.topic, 'rosgraph_msgs/Clock'),
    ...listen('e-stop', safety.eStop?.topic, 'std_msgs/Bool').map((use) => ({ ...use, needed: false })),
    { use: 'commands', topic: actions.topic, direction: 'out', expected: [actions.type], needed: true },
    ...tell('path', beliefs.path, 'nav_msgs/Path'),
    ...tell('markers', beliefs.markers, 'visualization_msgs/MarkerArray'),
    ...tell('distance', beliefs.distance, 'std_msgs/Float32'),
    ...tell('diagnostics', beliefs.diagnostics, 'diagnostic_msgs/DiagnosticArray'),
  ];
}

export const IMAGE = 'sensor_msgs/Image';
export const COMPRESSED = 'sensor_msgs/CompressedImage';

async function examine(bridge: Bridge, all: ReadonlyMap<string, string>, use: Use): Promise<FoundTopic> {
  const { needed, ...known } = use;
  const raw = all.get(use.topic);
  const type = raw === undefined ? undefined : plainType(raw);
  const peers = type === undefined ? [] : await peersOf(bridge, use);
  const problem = problemOf(all, use, type, peers);
  const fatal = problem !== undefined && (needed || (type !== undefined && !use.expected.includes(type)));
  return { ...known, type, peers, ...(problem === undefined ? {} : { problem, fatal }) };
}

function problemOf(
  all: ReadonlyMap<string, string>,
  { topic, direction, expected, needed }: Use,
  type: string | undefined,
  peers: readonly string[],
): string | undefined {
  if (type === undefined) {
    if (!needed) return undefined; // nobody listens yet
    const fitting = [...all].filter(([, its]) => expected.includes(plainType(its))).map(([name]) => name);
    const meant = nearest(topic, fitting) ?? fitting[0];
    const hint = meant === undefined ? `nothing there is a ${expected.join(' or ')}` : `did you mean ${meant}?`;
    return `nobody ${direction === 'in' ? 'publishes' : 'subscribes to'} ${topic}; ${hint}`;
  }
  if (!expected.includes(type)) return `${topic} must be a ${expected.join(' or ')}, got ${type}`;
  if (!needed || peers.length > 0) return undefined;
  return `nobody ${direction === 'in' ? 'publishes' : 'subscribes to'} ${topic}`;
}

async function peersOf(bridge: Bridge, { topic, direction }: Use): Promise<readonly string[]> {
  const what = direction === 'in' ? 'publishers' : 'subscribers';
  try {
    const answer = (await bridge.call(`/rosapi/${what}`, { topic })) as Record<string, unknown> | null;
    const names = answer?.[what];
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return ['(unknown: rosapi does not say)'];
  }
}
