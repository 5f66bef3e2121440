/**
 * JSON that gives back every number bit for bit: -0, NaN and the infinities as `{"$n": "-0"}`, big integers as `{"$i": "1"}`,
 * typed arrays as `{"$f32": [...]}`, `{"$f64": [...]}` or `{"$u8": "base64"}`. A key that begins with `$` gets another one before
 * it. Throws `TypeError` for what is no data: functions, symbols, cycles.
 */
export function encodeExact(value: unknown): string {
  return JSON.stringify(encoded(value, 0));
}

/** What `encodeExact` was given. Throws `SyntaxError` when the text is none of its own. */
export function decodeExact(text: string): unknown {
  return decoded(JSON.parse(text));
}

const DEEPEST = 100;
const SPECIAL: Readonly<Record<string, number>> = { '-0': -0, NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

function encoded(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new TypeError(`value must not be nested deeper than ${DEEPEST}`);
  const inner = (part: unknown) => encoded(part, depth + 1);
  if (typeof value === 'number') return written(value);
  if (typeof value === 'bigint') return { $i: String(value) };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Float32Array) return { $f32: Array.from(value, written) };
  if (value instanceof Float64Array) return { $f64: Array.from(value, written) };
  if (value instanceof Uint8Array)
    return { $u8: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  if (typeof value !== 'object' || (isOdd(value) && !(value instanceof Error)))
    throw new TypeError(`value must be data, got ${typeof value === 'object' ? value.constructor.name : typeof value}`);
  if (value instanceof Error) return { name: value.name, message: value.message };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key.startsWith('$') ? `$${key}` : key, inner(part)]),
  );
}

const written = (value: number): number | { $n: string } =>
  Number.isFinite(value) && !Object.is(value, -0) ? value : { $n: Object.is(value, -0) ? '-0' : String(value) };

/** Neither a plain object nor one of a class of plain fields. */
const isOdd = (value: object) =>
  ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof Date;

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decoded);
  const entries = Object.entries(value);
  const [key, part] = entries[0] ?? [];
  if (entries.length === 1 && key !== undefined && /^\$[^$]/.test(key)) return special(key, part);
  return Object.fromEntries(
    entries.map(([name, inner]) => [name.startsWith('$$') ? name.slice(1) : name, decoded(inner)]),
  );
}

function special(key: string, part: unknown): unknown {
  const bad = () => new SyntaxError(`a value written as ${key} cannot be read`);
  if (key === '$n' && typeof part === 'string' && Object.hasOwn(SPECIAL, part)) return SPECIAL[part];
  if (key === '$i' && typeof part === 'string' && /^-?\d+$/.test(part)) return BigInt(part);
  if (key === '$u8' && typeof part === 'string') return new Uint8Array(Buffer.from(part, 'base64'));
  if ((key === '$f32' || key === '$f64') && Array.isArray(part)) {
    const numbers = part.map(decoded);
    if (!numbers.every((entry) => typeof entry === 'number')) throw bad();
    return key === '$f32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
  }
  throw bad();
}
