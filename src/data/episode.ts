import {
  Binary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import type { DatasetMeta } from './dataset.ts';

/** One recorded episode of `length` actions: all moments' states, and the frames of every `frameEvery`-th moment. */
export type Episode = {
  /** `[length * A]`, robot units. */
  readonly actions: Float32Array;
  /** `[(length + 1) * S]`. */
  readonly states: Float64Array;
  /** RGB rows of the stored moments, one after the other. */
  readonly frames: Uint8Array;
};

/** What ends an Arrow IPC stream. */
export const END_OF_STREAM = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]);

export const frameBytes = (meta: DatasetMeta): number => meta.width * meta.height * 3;

/** Number of frames stored of an episode of `length` actions. */
export const storedFrames = (meta: DatasetMeta, length: number): number => Math.floor(length / meta.frameEvery) + 1;

/** The columns of a shard. One row a moment; the last moment of an episode has no action. */
export function episodeSchema({ actionSize, stateSize }: DatasetMeta): Schema {
  return new Schema([
    new Field('episode', new Int32(), false),
    new Field('step', new Int32(), false),
    new Field('action', new FixedSizeList(actionSize, new Field('item', new Float32(), false)), true),
    new Field('state', new FixedSizeList(stateSize, new Field('item', new Float64(), false)), false),
    new Field('frame', new Binary(), true),
  ]);
}

/** How an Arrow IPC stream of episodes begins. */
export function encodeSchema(meta: DatasetMeta): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, episodeSchema(meta));
  writer.finish();
  return withoutEnd(writer.toUint8Array(true));
}

/** One episode as one record batch message. Throws `RangeError` when its arrays do not fit the data set. */
export function encodeEpisode(meta: DatasetMeta, index: number, { actions, states, frames }: Episode): Uint8Array {
  const { actionSize, stateSize } = meta;
  const length = actions.length / actionSize;
  const rows = length + 1;
  check('actions', actions.length, Math.floor(length) * actionSize);
  check('states', states.length, rows * stateSize);
  check('frames', frames.length, storedFrames(meta, length) * frameBytes(meta));
  if (!actions.every(Number.isFinite)) throw new RangeError(`actions must be finite, got NaN in episode ${index}`);
  if (!states.every(Number.isFinite)) throw new RangeError(`states must be finite, got NaN in episode ${index}`);

  const schema = episodeSchema(meta);
  const padded = new Float32Array(rows * actionSize);
  padded.set(actions);
  const int = (data: Int32Array) => makeData({ type: new Int32(), length: rows, nullCount: 0, data });
  const columns = [
    int(new Int32Array(rows).fill(index)),
    int(Int32Array.from({ length: rows }, (_, i) => i)),
    makeData({
      type: schema.fields[2]!.type as FixedSizeList<Float32>,
      length: rows,
      nullCount: 1,
      nullBitmap: actionBits(rows),
      child: makeData({ type: new Float32(), length: rows * actionSize, nullCount: 0, data: padded }),
    }),
    makeData({
      type: schema.fields[3]!.type as FixedSizeList<Float64>,
      length: rows,
      nullCount: 0,
      child: makeData({ type: new Float64(), length: rows * stateSize, nullCount: 0, data: states }),
    }),
    makeData({
      type: new Binary(),
      length: rows,
      nullCount: rows - storedFrames(meta, length),
      nullBitmap: frameBits(meta, rows),
      valueOffsets: frameOffsets(meta, rows),
      data: frames,
    }),
  ];
  const struct = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children: columns });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(schema, struct));
  writer.finish();
  return withoutEnd(writer.toUint8Array(true)).subarray(encodeSchema(meta).length);
}

/** Validity of the action column: all but the last row. */
export const actionBits = (rows: number): Uint8Array => bits(rows, (row) => row < rows - 1);

/** Validity of the frame column. */
export const frameBits = ({ frameEvery }: DatasetMeta, rows: number): Uint8Array =>
  bits(rows, (row) => row % frameEvery === 0);

/** Where each row's frame begins and ends in the frame column's bytes. */
export function frameOffsets(meta: DatasetMeta, rows: number): Int32Array {
  const bytes = frameBytes(meta);
  return Int32Array.from({ length: rows + 1 }, (_, row) => Math.ceil(row / meta.frameEvery) * bytes);
}

function bits(rows: number, valid: (row: number) => boolean): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(rows / 8));
  for (let row = 0; row < rows; row++) if (valid(row)) bitmap[row >> 3]! |= 1 << (row & 7);
  return bitmap;
}

const withoutEnd = (stream: Uint8Array): Uint8Array => stream.subarray(0, stream.length - END_OF_STREAM.length);

function check(what: string, got: number, expected: number): void {
  if (got !== expected) throw new RangeError(`${what} must have ${expected} elements, got ${got}`);
}
