import type { Action, Frame } from '../drivers/driver.ts';
import { PremotorError } from '../errors.ts';
import { encodeExact } from './exact-json.ts';
import { type McapChannel, type McapWriterOptions, mcapWriter } from './mcap.ts';
import {
  CAMERA,
  JOURNAL,
  type JournalEvent,
  OWN_KINDS,
  RECORDING_FORMAT,
  type RecordingHeader,
} from './recording-format.ts';
import { rosDefinition, rosEncoder } from './ros-codec.ts';
import { encodeImage, IMAGE } from './ros-image.ts';

export type { JournalEvent, RecordingHeader } from './recording-format.ts';
export { type ReadRecordingOptions, type Recorded, readRecording } from './recording-reader.ts';

export type RecordingOptions = Partial<Omit<McapWriterOptions, 'profile' | 'library'>>;

/** Takes what happens in a session; nothing ever waits for the disk or throws because of it. */
export interface RecordingWriter {
  frame(name: string, timeMs: number, frame: Frame): void;
  command(timeMs: number, action: Action): void;
  /** Throws `TypeError` for a kind that is the recording's own. */
  journal(event: JournalEvent): void;
  /** How much had no place: the disk is slow, or it failed. */
  readonly dropped: number;
  close(): Promise<void>;
}

const COMMAND = '/premotor/command';

/**
 * Records a session to an MCAP file: the journal tells everything exactly, a JSON line each; pictures and commands are there as
 * ROS messages too, for Foxglove and its like. Times are of one monotonic clock. Throws only when the file cannot be made.
 */
export function recordingWriter(
  path: string,
  header: RecordingHeader,
  options: RecordingOptions = {},
): RecordingWriter {
  const writer = mcapWriter(path, { profile: '', library: 'premotor', ...options });
  const { onFault = () => {} } = options;
  const cameras = new Map<string, { channel: McapChannel; frames: number }>();
  let [strange, lastMs] = [0, header.timeMs];

  const startNs = nanoseconds(header.wallMs);
  const timeNs = (timeMs: number): bigint => {
    const ns = startNs + nanoseconds(timeMs - header.timeMs);
    return ns < 0n ? 0n : ns > LAST_NS ? LAST_NS : ns;
  };
  const line = (event: object, timeMs: number) => {
    lastMs = timeMs;
    try {
      writer.append(journal, timeNs(timeMs), Buffer.from(encodeExact(event)));
    } catch (cause) {
      if (strange++ === 0)
        onFault(new PremotorError(`an event cannot be recorded: ${(cause as Error).message}`, { cause }));
    }
  };
  const cameraOf = (name: string) => {
    const camera = cameras.get(name) ?? { channel: { ...picture, topic: `${CAMERA}${name}` }, frames: 0 };
    cameras.set(name, camera);
    return camera;
  };

  line({ kind: 'header', format: RECORDING_FORMAT, ...header }, header.timeMs);
  return {
    frame: (name, timeMs, frame) => {
      const camera = cameraOf(name);
      const seq = camera.frames++;
      const ns = timeNs(timeMs);
      if (writer.append(camera.channel, ns, encodeImage(frame, name, seq, ns)))
        line({ kind: 'frame', timeMs, name, seq }, timeMs);
    },
    command: (timeMs, action) => {
      line({ kind: 'command', timeMs, action }, timeMs);
      const dim = [{ label: header.actionNames.join(' '), size: action.length, stride: action.length }];
      const layout = { dim, data_offset: 0 };
      writer.append(commands, timeNs(timeMs), encodeNumbers({ layout, data: action }));
    },
    journal: (event) => {
      if ((OWN_KINDS as readonly string[]).includes(event.kind))
        throw new TypeError(`kind must not be one of ${OWN_KINDS.join(', ')}, got ${event.kind}`);
      line(event, event.timeMs);
    },
    get dropped() {
      return writer.dropped + strange;
    },
    close: async () => {
      line({ kind: 'end', timeMs: lastMs, dropped: writer.dropped + strange }, lastMs);
      await writer.close();
    },
  };
}

const BILLION = 1_000_000_000n;
/** The last moment that a ROS 1 stamp can tell. */
const LAST_NS = 2n ** 32n * BILLION - 1n;

function nanoseconds(ms: number): bigint {
  if (!Number.isFinite(ms)) return 0n;
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}

const journal: McapChannel = {
  topic: JOURNAL,
  schema: 'premotor.Event',
  encoding: 'json',
  definition: JSON.stringify({
    type: 'object',
    required: ['kind', 'timeMs'],
    properties: { kind: { type: 'string' }, timeMs: { type: 'number' } },
  }),
};

const ros = (schema: string) => ({ schema, encoding: 'ros1', definition: rosDefinition('ros1', schema) }) as const;
const picture = { ...IMAGE, bulky: true } as const;
const commands: McapChannel = { ...ros('std_msgs/Float64MultiArray'), topic: COMMAND, bulky: true };
const encodeNumbers = rosEncoder('ros1', 'std_msgs/Float64MultiArray');
