import { parse, stringify } from '@foxglove/rosmsg';
import { MessageReader, MessageWriter } from '@foxglove/rosmsg-serialization';
import { MessageReader as CdrReader, MessageWriter as CdrWriter } from '@foxglove/rosmsg2-serialization';
import { type Definition, definitionsOf } from '../drivers/ros/definitions.ts';
import type { RosVersion } from '../drivers/ros/version.ts';
import { BadMessage } from '../errors.ts';

/** ROS 1's own binary form, or that of ROS 2. */
export type RosEncoding = 'ros1' | 'cdr';

type Definitions = ConstructorParameters<typeof MessageWriter>[0];

/**
 * Reads messages of a type, given its definition with all types within it. Stamps are `{sec, nsec}` in ROS 1 and
 * `{sec, nanosec}` in ROS 2. Throws `BadMessage` when the definition is none; what is returned throws it for bad bytes.
 */
export function rosDecoder(
  encoding: RosEncoding,
  definition: string,
  what = 'the message',
): (bytes: Uint8Array) => unknown {
  const reader = guarded(
    () => {
      const types = parse(definition, { ros2: encoding === 'cdr' });
      return encoding === 'cdr' ? new CdrReader(types) : new MessageReader(types);
    },
    () => `the definition of ${what} cannot be understood`,
  );
  return (bytes) =>
    guarded(
      () => reader.readMessage(bytes),
      () => `${what} must be as its definition says, got ${bytes.length} bytes that are not`,
    );
}

/**
 * Writes messages of a common type (`sensor_msgs/Image`). Throws `RangeError` when it is none of them, and for texts beyond
 * ASCII in CDR, which the writer would cut off.
 */
export function rosEncoder(encoding: RosEncoding, type: string): (message: object) => Uint8Array {
  const types = commonType(encoding, type) as Definitions;
  if (encoding === 'ros1') {
    const writer = new MessageWriter(types);
    return (message) => writer.writeMessage(message);
  }
  const writer = new CdrWriter(types);
  return (message) => {
    refuseLongLetters(message);
    return writer.writeMessage(message);
  };
}

function refuseLongLetters(value: unknown): void {
  if (typeof value === 'string' && !/^[\0-\x7f]*$/.test(value))
    throw new RangeError(`texts must be ASCII in CDR, got ${JSON.stringify(value)}`);
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
    Object.values(value).forEach(refuseLongLetters);
}

/** The text of a common type's definition with all types within it, as bags and MCAP files hold it. */
export function rosDefinition(encoding: RosEncoding, type: string): string {
  const text = stringify(commonType(encoding, type) as Definitions);
  if (encoding === 'ros1') return text;
  // ROS 2 has no such primitives: there they are types.
  let written = text;
  for (const [primitive, name, fields] of STAMPS) {
    const found = new RegExp(`^${primitive}(?=[ \\[])`, 'gm');
    if (found.test(text))
      written = `${written.replace(found, name).trimEnd()}\n${'='.repeat(80)}\nMSG: ${name}\n${fields}\n`;
  }
  return written;
}

const STAMPS = [
  ['time', 'builtin_interfaces/Time', 'int32 sec\nuint32 nanosec'],
  ['duration', 'builtin_interfaces/Duration', 'int32 sec\nuint32 nanosec'],
] as const;

function commonType(encoding: RosEncoding, type: string): Definition[] {
  const version: RosVersion = encoding === 'cdr' ? 2 : 1;
  const found = definitionsOf(type, version);
  if (found) return found;
  throw new RangeError(`type must be a common one of ROS ${version}, got ${type}`);
}

function guarded<T>(work: () => T, message: () => string): T {
  try {
    return work();
  } catch (cause) {
    throw new BadMessage(message(), { cause });
  }
}
