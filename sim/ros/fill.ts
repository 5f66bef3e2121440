import type { RosVersion } from '../../src/drivers/ros/version.ts';
import { type Field, fieldsOf, integers, isBytes, isFloat, isTime } from './types.ts';

export type Message = Readonly<Record<string, unknown>>;

export type FillOptions = {
  readonly version: RosVersion;
  /** The stamp of now, in the form of this version. */
  readonly now: () => Message;
  /** Treat stamps as the real servers do: one left out, or of the other version, becomes the server's time without a word. */
  readonly faults?: boolean;
};

/**
 * A whole message of this type from what a publisher gave: what was left out is zero, bytes are bytes. Throws `TypeError` or
 * `RangeError` for an unknown type or field, a wrong type, a null (a NaN on its way through JSON), a number out of range.
 */
export function filled(type: string, given: unknown, options: FillOptions): Message {
  return fill(type, fieldsNamed(type, options.version), given, options, '');
}

/** The same for fields that belong to no known type: the request of a service. */
export const filledFields = (type: string, fields: readonly Field[], given: unknown, options: FillOptions): Message =>
  fill(type, fields, given, options, '');

function fill(root: string, fields: readonly Field[], given: unknown, options: FillOptions, path: string): Message {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw new TypeError(`${root} must have an object for ${path || 'the message'}, got ${describe(given)}`);
  }
  const values = given as Record<string, unknown>;
  for (const name of Object.keys(values)) {
    if (!fields.some((field) => field.name === name)) {
      throw new TypeError(`${root} has no field ${join(path, name)}`);
    }
  }
  const isHeader = fields.some(({ name }) => name === 'frame_id') && fields.some(({ name }) => name === 'stamp');
  const whole: Record<string, unknown> = {};
  for (const field of fields) {
    const at = join(path, field.name);
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (isTime(field.type) && field.isArray !== true) {
      whole[field.name] = stamp(root, value, options, at, isHeader);
    } else {
      whole[field.name] = value === undefined ? blank(field, options) : one(root, field, value, options, at);
    }
  }
  return whole;
}

function one(root: string, field: Field, value: unknown, options: FillOptions, at: string): unknown {
  if (isBytes(field)) return sized(root, field, bytes(root, value, at), at);
  if (field.isArray !== true) return single(root, field, value, options, at);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return sized(root, field, Array.from(value as unknown as ArrayLike<number | bigint>), at);
  }
  if (!Array.isArray(value)) throw wrong(root, `an array of ${field.type}`, at, value);
  const list = value.map((item, i) => single(root, field, item, options, `${at}[${i}]`));
  return sized(root, field, list, at);
}

function single(root: string, { type, isComplex }: Field, value: unknown, options: FillOptions, at: string): unknown {
  if (isTime(type)) return stamp(root, value, options, at, false);
  if (isComplex === true) return fill(root, fieldsNamed(type, options.version), value, options, at);
  const { low, high } = integers[type] ?? {};
  if (low !== undefined && high !== undefined) {
    if (typeof value !== 'bigint' && !Number.isInteger(value)) throw wrong(root, type, at, value);
    if ((value as number) >= low && (value as number) <= high) return value;
    throw new RangeError(`${root} must have a ${type} in ${low}..${high} for ${at}, got ${value}`);
  }
  if (isFloat(type) ? typeof value === 'number' : typeof value === (type === 'bool' ? 'boolean' : 'string')) {
    return value;
  }
  throw wrong(root, type, at, value);
}

/** Bytes are given as such, as numbers, or as base64. */
function bytes(root: string, value: unknown, at: string): Uint8Array {
  if (value instanceof Uint8Array) return plain(value);
  if (typeof value === 'string') {
    if (value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) return plain(Buffer.from(value, 'base64'));
  } else if (Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) {
    return Uint8Array.from(value);
  }
  throw wrong(root, 'base64 or an array of uint8', at, value);
}

/** The same bytes, not as Node's Buffer: CBOR would take that for an object. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array) => new Uint8Array(buffer, byteOffset, byteLength);

function sized<List extends ArrayLike<unknown>>(root: string, { arrayLength }: Field, list: List, at: string): List {
  if (arrayLength === undefined || list.length === arrayLength) return list;
  throw new RangeError(`${root} must have ${arrayLength} values for ${at}, got ${list.length}`);
}

const keys = { 1: ['secs', 'nsecs'], 2: ['sec', 'nanosec'] } as const;

function stamp(root: string, value: unknown, options: FillOptions, at: string, ofHeader: boolean): Message {
  const { version, now, faults = false } = options;
  const [seconds, nanoseconds] = keys[version];
  const otherwise = () => (faults && ofHeader ? now() : { [seconds]: 0, [nanoseconds]: 0 });
  if (value === undefined) return otherwise();
  if (value === 'now') return now();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(root, 'a time', at, value);
  const given = value as Record<string, unknown>;
  const read = (names: readonly string[], low: number, high: number, initial: unknown) => {
    const name = names.find((name) => Object.hasOwn(given, name));
    const number = name === undefined ? initial : given[name];
    if (Number.isInteger(number) && (number as number) >= low && (number as number) <= high) return number;
    throw wrong(root, `a time of {${seconds}, ${nanoseconds}}`, at, number);
  };
  const ours = Object.keys(given).every((name) => name === seconds || name === nanoseconds);
  if (!faults && !ours) throw wrong(root, `a time of {${seconds}, ${nanoseconds}}`, at, value);
  const initial = otherwise();
  // A ROS 2 server takes either pair of names; a ROS 1 server does not see the other pair at all.
  const names = version === 2 ? { s: ['sec', 'secs'], n: ['nanosec', 'nsecs'] } : { s: ['secs'], n: ['nsecs'] };
  const low = version === 1 ? 0 : -(2 ** 31);
  return {
    [seconds]: read(names.s, low, version === 1 ? 2 ** 32 - 1 : 2 ** 31 - 1, initial[seconds]),
    [nanoseconds]: read(names.n, 0, 2 ** 32 - 1, initial[nanoseconds]),
  };
}

/** What a field is when nobody sets it. */
function blank(field: Field, options: FillOptions): unknown {
  const { type, isArray, arrayLength = 0, isComplex } = field;
  if (isBytes(field)) return new Uint8Array(arrayLength);
  const item = (): unknown => {
    if (isComplex === true) return blankMessage(type, options);
    if (isTime(type)) return zeroTime(options.version);
    return type === 'string' || type === 'wstring' ? '' : type !== 'bool' && 0;
  };
  return isArray === true ? Array.from({ length: arrayLength }, item) : item();
}

function blankMessage(type: string, options: FillOptions): Message {
  const fields = fieldsNamed(type, options.version);
  const value = (field: Field) =>
    isTime(field.type) && field.isArray !== true ? zeroTime(options.version) : blank(field, options);
  return Object.fromEntries(fields.map((field) => [field.name, value(field)]));
}

const zeroTime = (version: RosVersion): Message => Object.fromEntries(keys[version].map((name) => [name, 0]));

function fieldsNamed(type: string, version: RosVersion): readonly Field[] {
  const fields = fieldsOf(type, version);
  if (fields !== undefined) return fields;
  throw new TypeError(`type must be a known message type, got ${type}`);
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

const wrong = (root: string, expected: string, at: string, value: unknown) =>
  new TypeError(`${root} must have ${expected} for ${at}, got ${describe(value)}`);

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : `a ${typeof value}`;
}
