import type { RobotConfig } from '../drivers/ros/config.ts';
import { readJointState } from '../drivers/ros/messages/joint-state.ts';
import { readOdometry } from '../drivers/ros/messages/odometry.ts';
import { toPicture } from '../drivers/ros/picture.ts';
import { centred, resized } from '../drivers/ros/resize.ts';
import { plainType } from '../drivers/ros/version.ts';
import { BadMessage, DamagedRecording } from '../errors.ts';
import { readBag } from './bag.ts';
import { readCommand } from './command-message.ts';
import type { Sample } from './episodes-from-ros.ts';
import { firstBytes } from './kind.ts';
import { type LostTail, type McapMessage, readMcap } from './mcap.ts';
import { stateNames } from './recorded.ts';
import { readRecording } from './recording.ts';
import { JOURNAL } from './recording-format.ts';
import { rosDecoder } from './ros-codec.ts';

export type SampleOptions = {
  readonly config: RobotConfig;
  /** Of the configuration; the first unless given. */
  readonly cameras?: readonly string[];
  /** Pixels per side of the pictures. */
  readonly size: number;
  readonly onLost?: (lost: LostTail) => void;
  /** Told of every message that could not be read. */
  readonly onBad?: (error: BadMessage) => void;
};

/** What a ROS 1 bag, a ROS MCAP or a recording of premotor tells of a robot. Times are ms since its beginning. */
export async function* samplesOf(path: string, options: SampleOptions): AsyncGenerator<Sample> {
  const kind = await recordingKind(path);
  if (kind === 'recording') return yield* recordedSamples(path, options);
  yield* rosSamples(
    path,
    kind === 'bag' ? readBag(path, { topics: topicsOf(options) }) : decoded(path, options),
    options,
  );
}

type RosMessage = { readonly topic: string; readonly type: string; readonly timeNs: bigint; readonly message: unknown };

const topicsOf = ({ config, cameras }: SampleOptions): string[] => {
  const { actions, odometry, joints } = config;
  const pictures = [...camerasOf(config, cameras).values()].map(({ topic }) => topic);
  return [...pictures, actions.topic, odometry?.topic, joints?.topic].filter((topic) => topic !== undefined);
};

/** Those of some names, in their order. */
function camerasOf({ cameras }: RobotConfig, names: readonly string[] = Object.keys(cameras).slice(0, 1)) {
  return new Map(
    names.map((name) => {
      const camera = Object.hasOwn(cameras, name) ? cameras[name] : undefined;
      if (camera) return [name, camera] as const;
      throw new RangeError(`camera must be one of ${Object.keys(cameras).join(', ')}, got ${name}`);
    }),
  );
}

async function* decoded(path: string, options: SampleOptions): AsyncGenerator<RosMessage> {
  const { onLost, onBad = () => {} } = options;
  const decoders = new Map<McapMessage['channel'], ReturnType<typeof rosDecoder>>();
  for await (const { channel, timeNs, bytes } of readMcap(path, {
    topics: topicsOf(options),
    ...(onLost && { onLost }),
  })) {
    const { topic, schema, encoding, definition } = channel;
    if (encoding !== 'ros1' && encoding !== 'cdr')
      throw new DamagedRecording(`${path}: messages on ${topic} must be ros1 or cdr, got ${encoding || 'nothing'}`);
    let message: unknown;
    try {
      const decode = decoders.get(channel) ?? rosDecoder(encoding, definition, `a message on ${topic}`);
      decoders.set(channel, decode);
      message = decode(bytes);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      onBad(error);
      continue;
    }
    yield { topic, type: plainType(schema), timeNs, message };
  }
}

async function* rosSamples(
  path: string,
  messages: AsyncIterable<RosMessage>,
  options: SampleOptions,
): AsyncGenerator<Sample> {
  const { config, size, onBad = () => {} } = options;
  const { actions, odometry, joints } = config;
  const cameras = camerasOf(config, options.cameras);
  const missing = new Set(topicsOf(options));
  let startNs: bigint | undefined;
  for await (const { topic, type, timeNs, message } of messages) {
    startNs ??= timeNs;
    const timeMs = Number(timeNs - startNs) / 1e6;
    missing.delete(topic);
    try {
      for (const [name, camera] of cameras) {
        if (topic !== camera.topic) continue;
        const kind = PICTURES[type];
        if (!kind) throw new DamagedRecording(`${path}: ${topic} must be pictures, got ${type || 'no type'}`);
        const { crop, depth } = camera;
        const how = { size: { width: size, height: size }, crop, ...(depth && { depth }) };
        yield { kind: 'frame', timeMs, camera: name, read: () => toPicture(kind, message, how) };
      }
      if (topic === actions.topic) yield { kind: 'command', timeMs, action: readCommand(actions, message) };
      if (topic === odometry?.topic) {
        const { x, y, yaw, v, w } = readOdometry(message);
        yield { kind: 'state', timeMs, part: 0, values: finite([x, y, yaw, v, w], topic) };
      }
      if (joints && topic === joints.topic) {
        const { position } = readJointState(message, joints.names);
        yield { kind: 'state', timeMs, part: odometry ? 1 : 0, values: finite(position, topic) };
      }
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      onBad(error);
    }
  }
  const topic = [...missing][0];
  if (topic !== undefined) {
    throw new DamagedRecording(`${path} has no message on ${topic}`, {
      hint: 'is that the name in the recording? remap it, or leave it out of the configuration',
    });
  }
}

const PICTURES: Readonly<Record<string, 'image' | 'compressed'>> = {
  'sensor_msgs/Image': 'image',
  'sensor_msgs/CompressedImage': 'compressed',
};

/** A recording of premotor: pictures and commands; the state is in events of the kind `proprio`, as `values`. */
async function* recordedSamples(path: string, options: SampleOptions): AsyncGenerator<Sample> {
  const { config, size, onLost } = options;
  const cameras = camerasOf(config, options.cameras);
  const parts = stateNames(config);
  const missing = new Set(cameras.keys());
  let startMs = 0;
  for await (const one of readRecording(path, onLost ? { onLost } : {})) {
    if (one.kind === 'header') startMs = one.timeMs;
    const timeMs = one.timeMs - startMs;
    const camera = one.kind === 'frame' ? cameras.get(one.name) : undefined;
    if (one.kind === 'frame' && camera) {
      missing.delete(one.name);
      const { crop } = camera;
      const to = { width: size, height: size };
      const { frame } = one;
      yield {
        kind: 'frame',
        timeMs,
        camera: one.name,
        read: () => resized(crop === 'centre' ? centred(frame, to) : frame, to),
      };
    } else if (one.kind === 'command') yield { kind: 'command', timeMs, action: one.action };
    else if (one.kind === 'event' && one.event.kind === 'proprio') {
      const { values } = one.event;
      if (!Array.isArray(values) || values.length !== parts.flat().length) continue;
      for (const [part, names] of parts.entries()) {
        const from = parts.slice(0, part).flat().length;
        yield { kind: 'state', timeMs, part, values: values.slice(from, from + names.length) };
      }
    }
  }
  for (const name of missing) throw new DamagedRecording(`${path} has no picture of a camera called ${name}`);
}

function finite(values: readonly number[], topic: string): readonly number[] {
  if (values.every(Number.isFinite)) return values;
  throw new BadMessage(`a message on ${topic} must be finite numbers, got [${values.join(', ')}]`);
}

async function recordingKind(path: string): Promise<'bag' | 'mcap' | 'recording'> {
  const head = await firstBytes(path);
  if (head.startsWith('#ROSBAG')) return 'bag';
  if (!head.startsWith('\x89MCAP0')) {
    throw new DamagedRecording(`${path} must be a ROS 1 bag or an MCAP file`, {
      hint: 'a ROS 2 recording in SQLite becomes one with: ros2 bag convert',
    });
  }
  for await (const { channel } of readMcap(path)) return channel.topic === JOURNAL ? 'recording' : 'mcap';
  return 'mcap';
}
