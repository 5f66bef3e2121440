import fc from 'fast-check';
import { expect } from 'vitest';
import { BadMessage } from '../../../src/errors.ts';

/** What a field may hold that it should not. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, '', '====', 'AAAA', [], {}, [null], 0, -1, 1, 3, 0.5, 1e300, 2 ** 32),
  fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, 0n, 2n ** 70n, new Uint8Array(7), new Float64Array(3)),
  fc.constantFrom<unknown>(
    new DataView(new ArrayBuffer(4)),
    new Map(),
    new Date(0),
    { length: 1e9 },
    JSON.parse('{"__proto__": {"x": 1}}'),
  ),
  fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
);

/** A copy with one part of it, at any depth, gone or replaced; byte arrays are shortened instead of taken apart. */
function broken(value: unknown, at: number, by: unknown, gone: boolean): unknown {
  const places: { readonly in: Record<string, unknown>; readonly key: string }[] = [];
  const copy = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return part;
    const into = (Array.isArray(part) ? [] : {}) as Record<string, unknown>;
    for (const [key, inner] of Object.entries(part)) {
      into[key] = copy(inner);
      places.push({ in: into, key });
    }
    return into;
  };
  const whole = copy(value);
  const place = places[at % places.length]!;
  const old = place.in[place.key];
  if (gone && old instanceof Uint8Array) place.in[place.key] = old.subarray(0, Math.floor(old.length * 0.7));
  else if (gone) delete place.in[place.key];
  else place.in[place.key] = by;
  return whole;
}

/** Whatever comes, `read` gives something valid or throws `BadMessage`, in one line, and harms nothing. */
export function expectHardened<T>(
  read: (message: unknown) => T,
  valid: readonly unknown[],
  check: (result: T) => void,
): void {
  const before = Object.getOwnPropertyNames(Object.prototype);
  for (const message of valid) check(read(message));
  let refused = 0;
  const tried = (message: unknown) => {
    let result: T;
    try {
      result = read(message);
    } catch (error) {
      expect(error).toBeInstanceOf(BadMessage);
      expect((error as Error).message).toMatch(/^.{1,400}$/);
      refused++;
      return;
    }
    check(result);
  };
  const mutated = fc
    .tuple(fc.constantFrom(...valid), fc.nat(200), odd, fc.boolean())
    .map(([message, at, by, gone]) => broken(message, at, by, gone));
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), odd), tried), { numRuns: 300 });
  fc.assert(fc.property(mutated, tried), { numRuns: 1500 });
  expect(refused).toBeGreaterThan(300);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { x?: number }).x).toBeUndefined();
}
