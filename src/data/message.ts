/** Where one buffer of a record batch lies in its body, bytes. */
export type Buffers = readonly { readonly offset: number; readonly length: number }[];

export type MessageHead = {
  readonly kind: 'schema' | 'batch';
  readonly bodyLength: number;
  /** Rows and buffers of a record batch; a schema has none. */
  readonly rows: number;
  readonly buffers: Buffers;
};

/** Field numbers of Arrow's `Message.fbs`. */
const MESSAGE = { headerType: 1, header: 2, bodyLength: 3 };
const BATCH = { length: 0, buffers: 2, compression: 3 };
const SCHEMA_TYPE = 1;
const BATCH_TYPE = 3;
const BUFFER_BYTES = 16;
/** No batch of ours has more. */
const MOST_BUFFERS = 64;

/**
 * The description of an Arrow IPC message (a FlatBuffer). Apache Arrow's own decoder believes every length it reads; this
 * one reads damaged bytes without taking memory or time for them. Throws `RangeError`.
 */
export function decodeMessage(bytes: Uint8Array): MessageHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message = table(view, view.getUint32(0, true));
  const type = view.getUint8(message.field(MESSAGE.headerType));
  const bodyLength = size(view, message.field(MESSAGE.bodyLength, true));
  if (type === SCHEMA_TYPE) return { kind: 'schema', bodyLength, rows: 0, buffers: [] };
  if (type !== BATCH_TYPE) throw new RangeError(`message must be a schema or a record batch, got type ${type}`);
  const at = message.field(MESSAGE.header);
  const batch = table(view, at + view.getUint32(at, true));
  if (batch.field(BATCH.compression, true) !== 0) throw new RangeError('record batch must not be compressed');
  const list = batch.field(BATCH.buffers);
  const start = list + view.getUint32(list, true);
  const count = view.getUint32(start, true);
  if (count > MOST_BUFFERS) throw new RangeError(`record batch must have few buffers, got ${count}`);
  const buffers = Array.from({ length: count }, (_, i) => {
    const buffer = start + 4 + i * BUFFER_BYTES;
    return { offset: size(view, buffer), length: size(view, buffer + 8) };
  });
  return { kind: 'batch', bodyLength, rows: size(view, batch.field(BATCH.length)), buffers };
}

/** A FlatBuffers table: `field(i)` is where field `i` lies; 0 for an absent optional one. */
function table(view: DataView, at: number): { field(index: number, optional?: boolean): number } {
  const layout = at - view.getInt32(at, true);
  const bytes = view.getUint16(layout, true);
  return {
    field: (index, optional = false) => {
      const entry = 4 + 2 * index;
      const offset = entry < bytes ? view.getUint16(layout + entry, true) : 0;
      if (offset === 0 && !optional) throw new RangeError(`field ${index} is missing`);
      return offset === 0 ? 0 : at + offset;
    },
  };
}

/** A length or offset of 64 bits; 0 where the field is absent. */
function size(view: DataView, at: number): number {
  if (at === 0) return 0;
  const value = Number(view.getBigInt64(at, true));
  if (value < 0 || !Number.isSafeInteger(value)) throw new RangeError(`length must be a size in bytes, got ${value}`);
  return value;
}
