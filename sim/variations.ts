import { UsageError } from '../src/errors.ts';
import { nearest } from '../src/nearest.ts';
import type { Random } from '../src/random.ts';

/** Values of variations by name, as a person or a data set gives them. */
export type Given = Readonly<Record<string, unknown>>;
/** Names of variations, with what each does and takes. */
export type Variations = Readonly<Record<string, string>>;
export type Bytes = readonly [number, number, number];

/** Reads variations one by one; each throws `UsageError` when the value is impossible. */
export interface VariationReader {
  number(name: string, low: number, high: number, otherwise: number): number;
  whole(name: string, low: number, high: number, otherwise: number): number;
  /** The first `count` of a list of numbers, or one number alone. */
  numbers(name: string, low: number, high: number, otherwise: readonly number[], count: number): number[];
  /** The first choice is the usual one. */
  oneOf<T extends string>(name: string, choices: readonly [T, ...T[]]): T;
  flag(name: string, otherwise?: boolean): boolean;
  /** RGB bytes. */
  colour(name: string, otherwise: Bytes): Bytes;
}

/** Values of a task's variations. Throws `UsageError`, with the nearest name, for one that the task does not have. */
export function readVariations(task: string, known: Variations, given: Given): VariationReader {
  for (const name of Object.keys(given)) if (!Object.hasOwn(known, name)) throw unknownVariation(task, name, known);
  const wrong = (name: string, expected: string, got: unknown) =>
    new UsageError(`variation '${name}' must be ${expected}, got ${JSON.stringify(got)}`, { hint: known[name]! });
  const number = (name: string, low: number, high: number, otherwise: number): number => {
    const value = given[name] ?? otherwise;
    if (isWithin(value, low, high)) return value;
    throw wrong(name, `a number ${range(low, high)}`, value);
  };
  return {
    number,
    whole: (name, low, high, otherwise) => {
      const value = given[name] ?? otherwise;
      if (isWithin(value, low, high) && Number.isInteger(value)) return value;
      throw wrong(name, `a whole number ${range(low, high)}`, value);
    },
    numbers: (name, low, high, otherwise, count) => {
      const value = given[name] ?? otherwise;
      const list: unknown[] = Array.isArray(value) ? value : [value];
      if (list.length >= count && list.every((each) => isWithin(each, low, high)))
        return list.slice(0, count) as number[];
      throw wrong(name, `${count} number(s) ${range(low, high)}`, value);
    },
    oneOf: (name, choices) => {
      const value = given[name] ?? choices[0];
      const chosen = choices.find((choice) => choice === value);
      if (chosen !== undefined) return chosen;
      throw wrong(name, `one of ${choices.join(', ')}`, value);
    },
    flag: (name, otherwise = false) => {
      const value = given[name] ?? otherwise;
      if (typeof value === 'boolean') return value;
      throw wrong(name, 'true or false', value);
    },
    colour: (name, otherwise) => {
      const value = given[name] ?? otherwise;
      const isByte = (each: unknown) => isWithin(each, 0, 255) && Number.isInteger(each);
      if (Array.isArray(value) && value.length === 3 && value.every(isByte)) return value as unknown as Bytes;
      throw wrong(name, 'three bytes (RGB)', value);
    },
  };
}

/** What to say of a variation that a task does not have. */
export function unknownVariation(task: string, name: string, known: Variations): UsageError {
  const meant = nearest(name, Object.keys(known));
  return new UsageError(`${task} has no variation '${name}'`, {
    hint: meant ? `did you mean '${meant}'?` : `known: ${Object.keys(known).join(', ')}`,
  });
}

const isWithin = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high;
const range = (low: number, high: number) =>
  high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `in ${low}..${high}`;

/** Bytes of a colour, each uniform between two levels. */
export const anyColour = (random: Random, low = 0, high = 255): Bytes => {
  const level = () => low + random.integer(high - low + 1);
  return [level(), level(), level()];
};

/** A colour as MuJoCo writes it. */
export const rgba = (colour: Bytes, alpha = 1): string =>
  [...colour.map((level) => Math.round((1e4 * level) / 255) / 1e4), alpha].join(' ');
