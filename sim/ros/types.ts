import { definitionsOf, type FieldDefinition } from '../../src/drivers/ros/definitions.ts';
import type { RosVersion } from '../../src/drivers/ros/version.ts';

export type Field = FieldDefinition;

const seen = new Map<string, readonly Field[] | undefined>();

/** The fields of a type (`pkg/Type`) in the order of its definition; nothing when it is not one of the common ones. */
export function fieldsOf(type: string, version: RosVersion): readonly Field[] | undefined {
  const key = `${version} ${type}`;
  if (seen.has(key)) return seen.get(key);
  const fields = definitionsOf(type, version)?.[0]?.definitions.filter(({ isConstant }) => isConstant !== true);
  if (fields !== undefined) seen.set(key, fields);
  return fields;
}

/** The bounds of whole numbers. */
export const integers: Readonly<Record<string, { readonly low: bigint; readonly high: bigint }>> = {
  int8: signed(8n),
  uint8: unsigned(8n),
  int16: signed(16n),
  uint16: unsigned(16n),
  int32: signed(32n),
  uint32: unsigned(32n),
  int64: signed(64n),
  uint64: unsigned(64n),
};

export const isFloat = (type: string): boolean => type === 'float32' || type === 'float64';
export const isTime = (type: string): boolean => type === 'time' || type === 'duration';
/** A byte array travels as base64 in JSON, and as a byte string in CBOR. */
export const isBytes = ({ type, isArray }: Field): boolean => isArray === true && type === 'uint8';

function signed(bits: bigint) {
  return { low: -(2n ** (bits - 1n)), high: 2n ** (bits - 1n) - 1n };
}

function unsigned(bits: bigint) {
  return { low: 0n, high: 2n ** bits - 1n };
}
