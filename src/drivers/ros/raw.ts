import { MessageReader as Reader1, MessageWriter as Writer1 } from '@foxglove/rosmsg-serialization';
import { MessageReader as Reader2, MessageWriter as Writer2 } from '@foxglove/rosmsg2-serialization';
import { BadMessage } from '../../errors.ts';
import { bytesOf, type Fields, field, fieldsOf } from './check.ts';
import { type Definition, definitionsOf } from './definitions.ts';
import { plainType, type RosVersion } from './version.ts';
import { checkWire } from './wire.ts';

type Codec = { readonly read: (bytes: Uint8Array) => unknown; readonly write: (message: unknown) => Uint8Array };

const codecs = new Map<string, Codec>();

/**
 * The message in a `cbor-raw` payload `{secs, nsecs, bytes}`, as JSON or CBOR would have brought it: the bytes are ROS 1
 * wire format or ROS 2 CDR. Throws `BadMessage`, also for a type that is not one of the common ones.
 */
export function decodeRaw(type: string, version: RosVersion, payload: unknown): Fields {
  const bytes = bytesOf(field(fieldsOf(payload, 'the raw message'), 'bytes'), 'bytes');
  const types = definitionsOf(plainType(type), version);
  if (types === undefined) throw new BadMessage(`type must be a common ROS ${version} message, got ${type}`);
  checkWire(bytes, types, version);
  try {
    return mapped(codec(type, version, types).read(bytes), types, version === 1 ? { time: times.read } : {});
  } catch (cause) {
    throw new BadMessage(`the bytes must be a ${plainType(type)}, got something else`, { cause });
  }
}

/** The message's bytes for ROS 1, or in ROS 2 CDR, where parts left out are zeros. Throws `TypeError` when it is not what the type says. */
export function encodeRaw(type: string, version: RosVersion, message: unknown): Uint8Array {
  const types = definitionsOf(plainType(type), version);
  if (types === undefined) throw new TypeError(`type must be a common ROS ${version} message, got ${type}`);
  try {
    const ready = mapped(message, types, version === 1 ? { time: times.write } : { text: padded });
    const bytes = codec(type, version, types).write(ready);
    checkWire(bytes, types, version); // the CDR writer lets a fixed array have any length
    return bytes;
  } catch (cause) {
    throw new TypeError(`message must be a ${plainType(type)}, got another: ${(cause as Error).message}`, { cause });
  }
}

function codec(type: string, version: RosVersion, types: Definition[]): Codec {
  const key = `${version} ${plainType(type)}`;
  const made = codecs.get(key) ?? make(version, types);
  codecs.set(key, made);
  return made;
}

function make(version: RosVersion, types: Definition[]): Codec {
  const [reader, writer] =
    version === 1 ? [new Reader1(types), new Writer1(types)] : [new Reader2(types), new Writer2(types)];
  return { read: (bytes) => reader.readMessage(bytes), write: (message) => writer.writeMessage(message) };
}

/** The ROS 1 reader and writer name the parts of a time as ROS 1 does not. */
const times = {
  read: (time: unknown) => ({ secs: (time as Fields).sec, nsecs: (time as Fields).nsec }),
  write: (time: unknown) => ({ sec: (time as Fields).secs, nsec: (time as Fields).nsecs }),
};

/** The CDR writer takes a text's letters for its bytes, and cuts off what is more: with this there are as many. */
const padded = (text: unknown) => (typeof text === 'string' ? text.padEnd(Buffer.byteLength(text), '\0') : text);

type Change = (value: unknown) => unknown;

/** A copy of a message, bulk data shared, with its times (and durations) and texts changed. */
function mapped(
  message: unknown,
  types: readonly Definition[],
  { time, text }: { time?: Change; text?: Change },
): Fields {
  const named = new Map(types.map(({ name, definitions }) => [name, definitions]));
  const changes: Readonly<Record<string, Change | undefined>> = { time, duration: time, string: text };
  const struct = (value: unknown, name: string | undefined): Fields => {
    const copy: Record<string, unknown> = {};
    for (const { name: key, type, isArray, isComplex, isConstant } of named.get(name)!) {
      if (isConstant) continue;
      const part = (value as Fields)[key];
      const change = isComplex ? (inner: unknown) => struct(inner, type) : changes[type];
      if (change === undefined || part === undefined) copy[key] = part;
      else copy[key] = isArray ? (part as unknown[]).map((entry) => change(entry)) : change(part);
    }
    return copy;
  };
  return struct(message, undefined);
}
