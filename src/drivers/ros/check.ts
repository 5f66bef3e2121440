import { BadMessage } from '../../errors.ts';

/** A message, or a part of one, whose fields are not known to be anything yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Larger pictures are refused before anything is allocated for them, pixels. */
export const MAX_PIXELS = 4_000_000;

type View = { readonly length: number; readonly [index: number]: number | bigint };

/** An own field: `toString` and its like, inherited, are none. */
export const field = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** The value as an object with fields. Throws `BadMessage`. */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    return value as Fields;
  }
  throw bad(what, 'an object', value);
}

/** The value as a text. Throws `BadMessage`. */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw bad(what, 'a text', value);
}

/** The value as a whole number between two bounds, both allowed; CBOR delivers 64-bit ones as BigInt. Throws `BadMessage`. */
export function integerOf(value: unknown, what: string, low: number, high: number): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high) return number;
  throw bad(what, `a whole number from ${low} to ${high}`, value);
}

/** The value as a number; `null` is how rosbridge writes NaN and infinity in JSON: NaN. Throws `BadMessage`. */
export function numberOf(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === null) return Number.NaN;
  throw bad(what, 'a number', value);
}

/** The value as numbers, from a list or an RFC 8746 typed array; of this length, if given. Throws `BadMessage`. */
export function numbersOf(value: unknown, what: string, length?: number): number[] {
  const view = ArrayBuffer.isView(value) && !(value instanceof DataView);
  if (!view && !Array.isArray(value)) throw bad(what, 'a list of numbers', value);
  const list = value as unknown as View;
  if (length !== undefined && list.length !== length) throw bad(what, `a list of ${length} numbers`, value);
  return Array.from(list as ArrayLike<unknown>, (entry, i) => numberOf(entry, `${what}[${i}]`));
}

/** The value as bytes: a base64 text from JSON, bytes from CBOR. No copy of the latter. Throws `BadMessage`. */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Uint8ClampedArray) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string') {
    const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
    const bytes = Buffer.from(value, 'base64');
    // letters that are not base64 are skipped by the decoder, so that fewer bytes come out
    if (value.length % 4 === 0 && bytes.length === (value.length / 4) * 3 - padding) return bytes;
    throw new BadMessage(`${what} must be base64, got a text of ${value.length} letters that is not`);
  }
  if (Array.isArray(value)) return Uint8Array.from(value, (entry, i) => integerOf(entry, `${what}[${i}]`, 0, 255));
  throw bad(what, 'bytes', value);
}

/** "`what` must be `expected`, got ...", for values that may be anything. */
export const bad = (what: string, expected: string, got: unknown): BadMessage =>
  new BadMessage(`${what} must be ${expected}, got ${show(got)}`);

/** A value in a few words, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'symbol' || typeof value === 'function' ? `a ${typeof value}` : String(value);
}
