import { MessageReader as Reader1, MessageWriter as Writer1 } from '@foxglove/rosmsg-serialization';
import { MessageReader as Reader2, MessageWriter as Writer2 } from '@foxglove/rosmsg2-serialization';
import { BadMessage } from '../../errors.ts';
import { bytesOf, type Fields, field, fieldsOf } from './check.ts';
import { type Definition, definitionsOf } from './definitions.ts';
import { plainType, type RosVersion } from './version.ts';
import { checkWire } from './wire.ts';

type Codec = { readonly read: (bytes: Uint8Array) => unknown; readonly write: (message: unknown) => Uint8Array };
type Types = ReadonlyMap<string | undefined, Definition['definitions']>;
type Time = (value: unknown) => unknown;

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
    const message = codec(type, version, types).read(bytes);
    return withTimes(message, types, version === 1 ? ({ sec, nsec }) => ({ secs: sec, nsecs: nsec }) : (time) => time);
  } catch (cause) {
    throw new BadMessage(`the bytes must be a ${plainType(type)}, got something else`, { cause });
  }
}

/** The message's bytes for ROS 1 or in ROS 2 CDR. Throws `TypeError` when it is not what the type says. */
export function encodeRaw(type: string, version: RosVersion, message: unknown): Uint8Array {
  const types = definitionsOf(plainType(type), version);
  if (types === undefined) throw new TypeError(`type must be a common ROS ${version} message, got ${type}`);
  try {
    const timed = version === 1 ? ({ secs, nsecs }: Times) => ({ sec: secs, nsec: nsecs }) : (time: Times) => time;
    const bytes = codec(type, version, types).write(withTimes(message, types, timed));
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

type Times = Readonly<Record<string, unknown>>;

/** A copy of a message, bulk data shared, with every time and duration in it written otherwise. */
function withTimes(message: unknown, types: readonly Definition[], timed: (time: Times) => unknown): Fields {
  const named: Types = new Map(types.map(({ name, definitions }) => [name, definitions]));
  const time: Time = (value) => timed(value as Times);
  const each = (value: unknown, isArray: boolean | undefined, change: Time) =>
    isArray ? (value as unknown[]).map(change) : change(value);
  const struct = (value: unknown, name: string | undefined): Fields => {
    const copy: Record<string, unknown> = {};
    for (const { name: key, type, isArray, isComplex, isConstant } of named.get(name)!) {
      if (isConstant) continue;
      const part = (value as Times)[key];
      const isTime = type === 'time' || type === 'duration';
      copy[key] = isComplex
        ? each(part, isArray, (inner) => struct(inner, type))
        : isTime
          ? each(part, isArray, time)
          : part;
    }
    return copy;
  };
  return struct(message, undefined);
}
