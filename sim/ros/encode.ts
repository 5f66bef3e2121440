import { encode } from 'cbor2';
import { encodeRaw } from '../../src/drivers/ros/raw.ts';
import type { Compression, RosVersion } from '../../src/drivers/ros/version.ts';
import type { Message } from './fill.ts';
import { type Field, fieldsOf, isBytes } from './types.ts';

export type Encoder = (topic: string, type: string, message: Message, compression: Compression) => string | Uint8Array;

/** What a rosbridge server writes for a message, as text or bytes; made once for all who are sent the same message. */
export function encoder(version: RosVersion, now: () => Message): Encoder {
  const made = new WeakMap<Message, Partial<Record<Compression, string | Uint8Array>>>();
  const frame = (topic: string, type: string, message: Message, compression: Compression) => {
    const publish = (msg: Message) => ({ op: 'publish', topic, msg });
    if (compression === 'none') return JSON.stringify(publish(jsonOf(type, version, message)));
    if (compression === 'cbor') return encode(publish(cborOf(type, version, message)));
    const { secs, sec = secs, nsecs, nanosec = nsecs } = now(); // as it passes the server, and in this form for both versions
    return encode(publish({ secs: sec, nsecs: nanosec, bytes: encodeRaw(type, version, message) }));
  };
  return (topic, type, message, compression) => {
    const forms = made.get(message) ?? {};
    made.set(message, forms);
    const form = forms[compression] ?? frame(topic, type, message, compression);
    forms[compression] = form;
    return form;
  };
}

/** Bytes as base64, lists as lists; JSON.stringify writes null for NaN and infinity, as the real server does. */
export const jsonOf = (type: string, version: RosVersion, message: Message): Message =>
  converted(type, version, message, (field, value) => {
    if (isBytes(field)) return Buffer.from(value as Uint8Array).toString('base64');
    if (typeof value === 'bigint') return Number(value);
    return isWide(field) && Array.isArray(value) ? value.map(Number) : value;
  });

type ArrayOf =
  | { from(values: Iterable<number>): ArrayBufferView }
  | { from(values: Iterable<bigint>): ArrayBufferView };

/** RFC 8746 has a tag for each of these, little-endian. */
const typedArrays: Readonly<Record<string, ArrayOf>> = {
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** Bytes as a byte string, numbers as typed arrays. */
const cborOf = (type: string, version: RosVersion, message: Message): Message =>
  converted(type, version, message, (field, value) => {
    const array = field.isArray === true && !isBytes(field) ? typedArrays[field.type] : undefined;
    if (array === undefined) return value;
    const numbers = value as readonly (number | bigint)[];
    return array.from((isWide(field) ? numbers.map(BigInt) : numbers) as never);
  });

const isWide = ({ type }: Field) => type === 'int64' || type === 'uint64';

function converted(
  type: string,
  version: RosVersion,
  message: Message,
  leaf: (field: Field, value: unknown) => unknown,
): Message {
  const within = (part: string, value: unknown) => converted(part, version, value as Message, leaf);
  const out: Record<string, unknown> = {};
  for (const field of fieldsOf(type, version) ?? []) {
    const value = message[field.name];
    if (field.isComplex !== true) out[field.name] = leaf(field, value);
    else if (field.isArray === true) out[field.name] = (value as unknown[]).map((item) => within(field.type, item));
    else out[field.name] = within(field.type, value);
  }
  return out;
}
