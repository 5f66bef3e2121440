import type { Shape } from '../compute/engine.ts';
import { doubled, halved } from './float16.ts';

export type NamedArray = { readonly shape: Shape; readonly data: Float32Array };
export type NamedArrays = Readonly<Record<string, NamedArray>>;

const MAX_HEADER = 1 << 20;

/** Arrays as a safetensors file: 8-byte header length, JSON header, little-endian float32 data, or float16 if `half`. */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
  { half = false } = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const stored = Object.entries(arrays).map(([name, { shape, data }]) => {
    return { name, shape, data: half ? halved(data) : data };
  });
  let end = 0;
  for (const { name, shape, data } of stored) {
    header[name] = { dtype: half ? 'F16' : 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(text, 8);
  let offset = 8 + padded;
  for (const { data } of stored) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/** The arrays of a safetensors file. Throws a `RangeError` saying what is wrong with a damaged or hostile one. */
export function decodeSafetensors(file: Uint8Array): NamedArrays {
  if (file.length < 8) throw new RangeError(`file must have at least 8 bytes, got ${file.length}`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > file.length) throw new RangeError(`header length ${length} is out of range`);
  const header = parseHeader(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const body = file.subarray(8 + length);
  const arrays: Record<string, NamedArray> = Object.create(null);
  let expected = 0;
  for (const [name, entry] of header) {
    const { dtype, shape, data_offsets: offsets } = entry;
    const type = typeof dtype === 'string' && Object.hasOwn(types, dtype) ? types[dtype] : undefined;
    if (!type) throw new RangeError(`${name}: dtype must be F32 or F16, got ${String(dtype)}`);
    if (!isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2) throw new RangeError(`${name}: bad entry`);
    const [begin, end] = offsets as [number, number];
    const size = shape.reduce((product, n) => product * n, 1);
    if (begin !== expected || end - begin !== type.width * size || end > body.length) {
      throw new RangeError(
        `${name}: offsets ${begin}..${end} do not fit shape [${shape.join(', ')}] in ${body.length} bytes`,
      );
    }
    arrays[name] = { shape, data: type.read(Uint8Array.from(body.subarray(begin, end)).buffer) };
    expected = end;
  }
  if (expected !== body.length) throw new RangeError(`${body.length - expected} bytes follow the last array`);
  return arrays;
}

/** Bytes of a number, and all of them as floats; counters (I64) too. */
const types: Readonly<Record<string, { width: number; read: (bytes: ArrayBuffer) => Float32Array }>> = {
  F32: { width: 4, read: (bytes) => new Float32Array(bytes) },
  F16: { width: 2, read: (bytes) => doubled(new Uint16Array(bytes)) },
  I64: { width: 8, read: (bytes) => Float32Array.from(new BigInt64Array(bytes), Number) },
};

type Entry = { dtype?: unknown; shape?: unknown; data_offsets?: unknown };

function parseHeader(text: string): [string, Entry][] {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new RangeError('header is not JSON', { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new RangeError('header is not an object');
  const entries = Object.entries(header as Record<string, Entry>).filter(([name]) => name !== '__metadata__');
  if (entries.some(([, entry]) => typeof entry !== 'object' || entry === null))
    throw new RangeError('header has a bad entry');
  return entries.sort(
    ([, a], [, b]) => Number((a.data_offsets as number[])?.[0]) - Number((b.data_offsets as number[])?.[0]),
  );
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
