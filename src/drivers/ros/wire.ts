import { BadMessage } from '../../errors.ts';
import type { Definition, FieldDefinition } from './definitions.ts';
import type { RosVersion } from './version.ts';

/** Bytes of the types that have a fixed size; two halves in a time, which is aligned as they are. */
const sizes: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  time: 8,
  duration: 8,
};
/** DDS rounds a message up to whole words. */
const PADDING = 7;

/**
 * Walks through a message's bytes, ROS 1 wire format or ROS 2 CDR, and allocates nothing: afterwards a reader may believe
 * every length in them. Throws `BadMessage` when they claim more than there is, or leave some over.
 */
export function checkWire(bytes: Uint8Array, types: readonly Definition[], version: RosVersion): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = new Map(types.map(({ name, definitions }) => [name, definitions]));
  const cdr = version === 2;
  if (cdr && !(bytes.length >= 4 && bytes[0] === 0 && (bytes[1] === 0 || bytes[1] === 1))) {
    throw new BadMessage(`the bytes must begin with a plain CDR header (0, 0 or 1), got ${[...bytes.subarray(0, 2)]}`);
  }
  const little = !cdr || bytes[1] === 1;
  let at = cdr ? 4 : 0;

  const skip = (count: number, size: number, name: string) => {
    if (count * size > bytes.length - at) {
      throw new BadMessage(`${name} must fit into the ${bytes.length - at} bytes left, got ${count * size}`);
    }
    at += count * size;
  };
  const align = (to: number) => {
    if (cdr) at += (to - ((at - 4) % to)) % to;
  };
  const length = (name: string): number => {
    align(4);
    skip(1, 4, name);
    return view.getUint32(at - 4, little);
  };
  const one = ({ type, name, isComplex }: FieldDefinition) => {
    if (isComplex) struct(named.get(type)!);
    else if (type === 'string' || type === 'wstring') skip(length(name), 1, name);
    else plain(1, type, name);
  };
  const plain = (count: number, type: string, name: string) => {
    if (count === 0) return; // CDR aligns elements, not their absence
    const size = sizes[type]!;
    align(type === 'time' || type === 'duration' ? 4 : size);
    skip(count, size, name);
  };
  const struct = (fields: readonly FieldDefinition[]) => {
    const data = fields.filter(({ isConstant }) => !isConstant);
    if (data.length === 0 && cdr) skip(1, 1, 'the empty message');
    for (const field of data) {
      const { name, type, isArray, arrayLength } = field;
      if (!isArray) {
        one(field);
        continue;
      }
      const count = arrayLength ?? length(name);
      if (count > bytes.length - at) {
        throw new BadMessage(`${name} must fit into the ${bytes.length - at} bytes left, got ${count} elements`);
      }
      if (Object.hasOwn(sizes, type)) plain(count, type, name);
      else for (let i = 0; i < count; i++) one(field);
    }
  };

  struct(types[0]!.definitions);
  if (bytes.length - at > (cdr ? PADDING : 0)) {
    throw new BadMessage(`the bytes must be ${at} for this message, got ${bytes.length}`);
  }
}
