import { Message } from 'apache-arrow';
import { DamagedDataset } from '../errors.ts';
import type { DatasetMeta } from './dataset.ts';
import { actionBits, episodeSchema, frameBits, frameBytes, frameOffsets, storedFrames } from './episode.ts';
import { COLLECT_AGAIN, type FileSystem } from './manifest.ts';

/** One episode in a shard: its numbers, and where its first frame begins in the file. */
export type ShardEpisode = {
  readonly length: number;
  readonly actions: Float32Array;
  readonly states: Float64Array;
  readonly framesAt: number;
};

export type Scan = {
  readonly episodes: ShardEpisode[];
  /** Where the last whole episode ends, bytes. */
  readonly end: number;
  /** Why reading stopped there; `undefined` at the mark that ends a stream. */
  readonly stopped: DamagedDataset | undefined;
};

const MARK = 0xffffffff;
/** A message's description is never longer than this, bytes. */
const DESCRIPTION_LIMIT = 1 << 20;

/**
 * Reads the numbers of all whole episodes in a shard, and none of its pictures. Anything that is not as the writer
 * would have written it stops the scan.
 */
export function scanShard(fs: FileSystem, file: number, name: string, meta: DatasetMeta, first: number): Scan {
  const size = fs.fstatSync(file).size;
  const damaged = (reason: string, cause?: unknown) =>
    new DamagedDataset(`${name} is damaged: ${reason}`, { hint: COLLECT_AGAIN, cause });
  const read = (at: number, count: number): Buffer => {
    const bytes = Buffer.alloc(count);
    if (at + count > size || fs.readSync(file, bytes, 0, count, at) !== count) {
      throw damaged(`cut off at byte ${size}`);
    }
    return bytes;
  };
  const episodes: ShardEpisode[] = [];
  let end = 0;
  try {
    for (;;) {
      const message = readMessage(read, end, damaged);
      if (!message) return { episodes, end, stopped: undefined };
      if (message.bodyAt + message.bodyLength > size) throw damaged(`cut off at byte ${size}`);
      if (end === 0) checkSchema(message.message, meta, damaged);
      else episodes.push(readEpisode(read, message, meta, first + episodes.length, damaged));
      end = message.bodyAt + message.bodyLength;
    }
  } catch (error) {
    const stopped = error instanceof DamagedDataset ? error : damaged('it is not an Arrow stream', error);
    return { episodes, end, stopped };
  }
}

type Read = (at: number, count: number) => Buffer;
type Damaged = (reason: string, cause?: unknown) => DamagedDataset;
type Found = { readonly message: Message; readonly bodyAt: number; readonly bodyLength: number };

function readMessage(read: Read, at: number, damaged: Damaged): Found | undefined {
  const head = read(at, 8);
  const length = head.readInt32LE(4);
  if (head.readUInt32LE(0) !== MARK || length < 0 || length > DESCRIPTION_LIMIT) {
    throw damaged(`no message begins at byte ${at}`);
  }
  if (length === 0) return undefined;
  const message = Message.decode(new Uint8Array(read(at + 8, length)));
  return { message, bodyAt: at + 8 + length, bodyLength: Number(message.bodyLength) };
}

function checkSchema(message: Message, meta: DatasetMeta, damaged: Damaged): void {
  if (!message.isSchema()) throw damaged('it does not begin with a schema');
  const columns = (fields: { name: string; type: { toString(): string } }[]) =>
    fields.map(({ name, type }) => `${name} ${type}`).join(', ');
  const expected = columns(episodeSchema(meta).fields);
  const got = columns((message.header() as ReturnType<typeof episodeSchema>).fields);
  if (got !== expected) throw damaged(`its columns must be ${expected}, got ${got}`);
}

function readEpisode(
  read: Read,
  { message, bodyAt, bodyLength }: Found,
  meta: DatasetMeta,
  index: number,
  damaged: Damaged,
): ShardEpisode {
  const wrong = (what: string) => damaged(`episode ${index}: ${what}`);
  if (!message.isRecordBatch()) throw wrong('it is not a record batch');
  const { length: rows, buffers } = message.header() as {
    length: number;
    buffers: { offset: number; length: number }[];
  };
  const length = rows - 1;
  if (buffers.length !== 13 || length < 1)
    throw wrong(`it must have 13 buffers and 2 rows, got ${buffers.length}, ${rows}`);
  const frames = buffers[12]!;
  if (frames.length < storedFrames(meta, length) * frameBytes(meta) || frames.offset + frames.length > bodyLength) {
    throw wrong('its frames have another size');
  }
  const body = new Uint8Array(read(bodyAt, frames.offset));
  const bytes = (buffer: number, count: number): Uint8Array => {
    const { offset, length: available } = buffers[buffer]!;
    if (available < count || offset + count > body.length) throw wrong('its columns have another size');
    return body.slice(offset, offset + count);
  };
  const ints = (buffer: number, count: number) => new Int32Array(bytes(buffer, 4 * count).buffer);

  if (!ints(1, rows).every((value) => value === index)) throw wrong('its number is another');
  if (!ints(3, rows).every((value, i) => value === i)) throw wrong('its steps are not in order');
  const validActions = actionBits(rows);
  if (!same(bytes(4, validActions.length), validActions)) throw wrong('an action is missing');
  const validFrames = frameBits(meta, rows);
  if (!same(bytes(10, validFrames.length), validFrames)) throw wrong('a frame is missing');
  if (!same(ints(11, rows + 1), frameOffsets(meta, rows))) throw wrong('its frames have another size');

  const actions = new Float32Array(bytes(6, 4 * rows * meta.actionSize).buffer).slice(0, length * meta.actionSize);
  const states = new Float64Array(bytes(9, 8 * rows * meta.stateSize).buffer);
  if (!actions.every(Number.isFinite)) throw wrong('an action is not a finite number');
  if (!states.every(Number.isFinite)) throw wrong('a state is not a finite number');
  return { length, actions, states, framesAt: bodyAt + frames.offset };
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
