import type { Action, Frame } from '../drivers/driver.ts';
import { readImage } from '../drivers/ros/messages/image.ts';
import { DamagedRecording } from '../errors.ts';
import { decodeExact } from './exact-json.ts';
import { type LostTail, type McapMessage, readMcap } from './mcap-reader.ts';
import { CAMERA, JOURNAL, type JournalEvent, RECORDING_FORMAT, type RecordingHeader } from './recording-format.ts';
import { rosDecoder } from './ros-codec.ts';

/** What a recording gives back, in the order in which it was recorded. */
export type Recorded =
  | { readonly kind: 'header'; readonly timeMs: number; readonly header: RecordingHeader }
  | { readonly kind: 'frame'; readonly timeMs: number; readonly name: string; readonly frame: Frame }
  | { readonly kind: 'command'; readonly timeMs: number; readonly action: Action }
  | { readonly kind: 'event'; readonly timeMs: number; readonly event: JournalEvent }
  /** Comes last, of a recording that was closed. */
  | { readonly kind: 'end'; readonly timeMs: number; readonly dropped: number };

export type ReadRecordingOptions = {
  /** Told when the recording was cut off. */
  readonly onLost?: (lost: LostTail) => void;
  /** Pictures as well; true unless given. */
  readonly frames?: boolean;
};

/** Reads what `recordingWriter` wrote, also when it was cut off. Throws `DamagedRecording`. */
export async function* readRecording(
  path: string,
  { onLost, frames = true }: ReadRecordingOptions = {},
): AsyncGenerator<Recorded> {
  const damaged = (reason: string, cause?: unknown) => new DamagedRecording(`${path} is damaged: ${reason}`, { cause });
  const pictures = new Map<string, { seq: number; frame: Frame }>();
  let began = false;
  for await (const message of readMcap(path, onLost ? { onLost } : {})) {
    const { channel, bytes } = message;
    if (channel.topic.startsWith(CAMERA)) {
      if (frames) pictures.set(channel.topic.slice(CAMERA.length), pictureOf(message, damaged));
      continue;
    }
    if (channel.topic !== JOURNAL) continue;
    const event = eventOf(bytes, damaged);
    if (!began && (event.kind !== 'header' || event.format !== RECORDING_FORMAT))
      throw new DamagedRecording(`${path} is no recording of premotor`);
    began = true;
    const { timeMs, kind, ...rest } = event;
    if (kind === 'header') {
      const { format: _, ...header } = rest;
      yield { kind, timeMs, header: { timeMs, ...header } as RecordingHeader };
    } else if (kind === 'frame') {
      const { name, seq } = rest as { name: string; seq: number };
      const picture = pictures.get(name);
      if (!frames) continue;
      if (picture?.seq !== seq) throw damaged(`picture ${seq} of ${name} is missing`);
      yield { kind, timeMs, name, frame: picture.frame };
    } else if (kind === 'command') {
      if (!Array.isArray(rest.action)) throw damaged('a command has no action');
      yield { kind, timeMs, action: rest.action as number[] };
    } else if (kind === 'end') {
      yield { kind, timeMs, dropped: Number(rest.dropped) };
    } else {
      yield { kind: 'event', timeMs, event };
    }
  }
  if (!began) throw new DamagedRecording(`${path} is no recording of premotor`);
}

type Damaged = (reason: string, cause?: unknown) => DamagedRecording;
type Decode = ReturnType<typeof rosDecoder>;
const decoders = new WeakMap<McapMessage['channel'], Decode>();

function pictureOf({ channel, bytes }: McapMessage, damaged: Damaged): { seq: number; frame: Frame } {
  try {
    const decode = decoders.get(channel) ?? rosDecoder('ros1', channel.definition, `a picture on ${channel.topic}`);
    decoders.set(channel, decode);
    const image = decode(bytes) as { readonly header: { readonly seq: number } };
    return { seq: image.header.seq, frame: readImage(image) };
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
}

function eventOf(bytes: Uint8Array, damaged: Damaged): JournalEvent {
  let event: unknown;
  try {
    event = decodeExact(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged(`a line of the journal cannot be read: ${(cause as Error).message}`, cause);
  }
  const { kind, timeMs } = (event ?? {}) as Partial<JournalEvent>;
  if (typeof kind === 'string' && typeof timeMs === 'number') return event as JournalEvent;
  throw damaged('a line of the journal has no kind or time');
}
