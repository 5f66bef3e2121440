import { DamagedDataset } from '../errors.ts';
import type { DatasetMeta } from './dataset.ts';
import { actionBits, encodeSchema, frameBits, frameBytes, frameOffsets, storedFrames } from './episode.ts';
import { COLLECT_AGAIN, type FileSystem } from './manifest.ts';
import { decodeMessage, type MessageHead } from './message.ts';

/** One episode in a shard: its actions, and where its states and its first frame begin in the file. */
export type ShardEpisode = {
  readonly length: number;
  readonly actions: Float32Array;
  readonly statesAt: number;
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
/** Of the five columns: validity, offsets and values of each. */
const BUFFERS = 13;
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
    if (at + count > size) throw damaged(`cut off at byte ${size}`);
    const bytes = Buffer.alloc(count);
    if (fs.readSync(file, bytes, 0, count, at) !== count) throw damaged(`cut off at byte ${size}`);
    return bytes;
  };
  const episodes: ShardEpisode[] = [];
  let end = 0;
  try {
    const schema = encodeSchema(meta);
    if (!same(read(0, schema.length), schema)) throw damaged('its columns are not those that dataset.json tells of');
    end = schema.length;
    for (;;) {
      const message = readMessage(read, end, damaged);
      if (!message) return { episodes, end, stopped: undefined };
      const { bodyAt, head } = message;
      if (bodyAt + head.bodyLength > size) throw damaged(`cut off at byte ${size}`);
      episodes.push(readEpisode(read, message, meta, first + episodes.length, damaged));
      end = bodyAt + head.bodyLength;
    }
  } catch (error) {
    const stopped = error instanceof DamagedDataset ? error : damaged('it is not an Arrow stream', error);
    return { episodes, end, stopped };
  }
}

type Read = (at: number, count: number) => Buffer;
type Damaged = (reason: string, cause?: unknown) => DamagedDataset;
type Found = { readonly head: MessageHead; readonly bodyAt: number };

function readMessage(read: Read, at: number, damaged: Damaged): Found | undefined {
  const head = read(at, 8);
  const length = head.readInt32LE(4);
  if (head.readUInt32LE(0) !== MARK || length < 0 || length > DESCRIPTION_LIMIT) {
    throw damaged(`no message begins at byte ${at}`);
  }
  if (length === 0) return undefined;
  return { head: decodeMessage(read(at + 8, length)), bodyAt: at + 8 + length };
}

function readEpisode(
  read: Read,
  { head: { kind, rows, buffers, bodyLength }, bodyAt }: Found,
  meta: DatasetMeta,
  index: number,
  damaged: Damaged,
): ShardEpisode {
  const wrong = (what: string) => damaged(`episode ${index}: ${what}`);
  const length = rows - 1;
  if (kind !== 'batch' || buffers.length !== BUFFERS || length < 1 || rows > bodyLength) {
    throw wrong(`it must be a batch of ${BUFFERS} buffers, got a ${kind} of ${buffers.length} and ${rows} rows`);
  }
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
  // Where every row has a frame, none needs to be marked.
  const marked = meta.frameEvery > 1 ? bytes(10, validFrames.length) : validFrames;
  if (!same(marked, validFrames)) throw wrong('a frame is missing');
  if (!same(ints(11, rows + 1), frameOffsets(meta, rows))) throw wrong('its frames have another size');

  const actions = new Float32Array(bytes(6, 4 * rows * meta.actionSize).buffer).slice(0, length * meta.actionSize);
  const states = new Float64Array(bytes(9, 8 * rows * meta.stateSize).buffer);
  if (!actions.every(Number.isFinite)) throw wrong('an action is not a finite number');
  if (!states.every(Number.isFinite)) throw wrong('a state is not a finite number');
  return { length, actions, statesAt: bodyAt + buffers[9]!.offset, framesAt: bodyAt + frames.offset };
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
