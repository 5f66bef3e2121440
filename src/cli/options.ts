import { UsageError } from '../errors.ts';
import type { KeepOut } from '../planner/guardrails/keep-out.ts';

type Bounds = { readonly min?: number; readonly max?: number };

/** Parser of an option that takes a whole number. */
export function whole(name: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text.trim()) && value >= min && value <= max) return value;
    throw new UsageError(`${name} must be a whole number${range({ min, max })}, got "${text}"`);
  };
}

/** Parser of an option that takes any finite number. */
export function decimal(name: string, { min = -Infinity, max = Infinity }: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= min && value <= max) return value;
    throw new UsageError(`${name} must be a number${range({ min, max })}, got "${text}"`);
  };
}

/** Parser of a comma-separated list of whole numbers above 0. */
export function list(name: string): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map(Number);
    if (values.every((value) => Number.isInteger(value) && value > 0)) return values;
    throw new UsageError(`${name} must be whole numbers above 0 with commas between, got "${text}"`);
  };
}

/** Parser of `key=value` pairs, given once or many times; values that read as JSON are taken as such. */
export function pairs(name: string) {
  return (text: string, before: Record<string, unknown> = {}): Record<string, unknown> => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`${name} must be given as key=value, got "${text}"`);
    return { ...before, [text.slice(0, at)]: value(text.slice(at + 1)) };
  };
}

/** Parser of `name=weight` pairs, given once or many times. */
export function weights(name: string) {
  return (text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`${name} must be given as name=weight, got "${text}"`);
    return { ...before, [text.slice(0, at)]: decimal(`${name} ${text.slice(0, at)}`, { min: 0 })(text.slice(at + 1)) };
  };
}

/** Parser of what plans are judged by: a name, or `name=weight` pairs with commas between. */
export function costChoice(text: string): string | Record<string, number> {
  if (!text.includes('=')) return text;
  const weigh = weights('--cost');
  return text.split(',').reduce<Record<string, number>>((all, pair) => weigh(pair, all), {});
}

/** Parser of seeds, with commas between. */
export function seedList(text: string): number[] {
  const seeds = text.split(',').map(Number);
  if (text !== '' && seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)) return seeds;
  throw new UsageError(`--seeds must be whole numbers with commas between, got "${text}"`);
}

/** Parser of a limit: `auto`, `off` where that is among the words, or a number above 0. */
export function limit(name: string, words: readonly ('auto' | 'off')[]): (text: string) => 'auto' | number {
  return (text) => {
    if (text === 'auto') return text;
    if (text === 'off' && words.includes('off')) return Number.POSITIVE_INFINITY;
    const most = Number(text);
    if (most > 0) return most;
    throw new UsageError(`${name} must be ${words.join(', ')} or a number above 0, got "${text}"`);
  };
}

/** Parser of discs of the picture, `x,y,radius` in sides of it, given once or many times. */
export function discs(name: string) {
  return (text: string, before: readonly KeepOut[] = []): KeepOut[] => {
    const numbers = text.split(',').map(Number);
    const [x, y, radius] = numbers as [number, number, number];
    if (numbers.length === 3 && numbers.every((value) => value >= 0 && value <= 1) && radius > 0) {
      return [...before, { x, y, radius }];
    }
    throw new UsageError(`${name} must be x,y,radius from 0 to 1, got "${text}"`);
  };
}

/** A number that is shown as a bar: what it is called, and where the bar is empty and full. */
export type Gauge = { readonly name: string; readonly low: number; readonly high: number };

/** Parser of `name=low:high`, given once or many times. */
export function gauges(name: string) {
  return (text: string, before: readonly Gauge[] = []): Gauge[] => {
    const at = text.lastIndexOf('=');
    const [low, high, ...more] = text
      .slice(at + 1)
      .split(':')
      .map(Number);
    if (at < 1 || more.length > 0 || !(low! < high!))
      throw new UsageError(`${name} must be name=low:high with low below high, got "${text}"`);
    return [...before, { name: text.slice(0, at), low: low!, high: high! }];
  };
}

/** Parser of variations: `name=value`, or names of what shall be drawn anew for every episode with commas between. */
export function variations(name: string) {
  const pair = pairs(name);
  return (text: string, before: Record<string, unknown> = {}): Record<string, unknown> => {
    if (text.includes('=')) return pair(text, before);
    const names = text.split(',').map((each) => each.trim());
    if (names.includes(''))
      throw new UsageError(`${name} must be name=value or names with commas between, got "${text}"`);
    return { ...before, ...Object.fromEntries(names.map((each) => [each, 'random'])) };
  };
}

function value(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function range({ min, max }: Required<Bounds>): string {
  const low = min > -Infinity && min > Number.MIN_SAFE_INTEGER;
  const high = max < Infinity && max < Number.MAX_SAFE_INTEGER;
  if (low && high) return ` from ${min} to ${max}`;
  if (low) return min === 1 ? ' above 0' : ` of at least ${min}`;
  return high ? ` of at most ${max}` : '';
}

/** Throws `UsageError` unless there is one goal: a picture, or words. */
export function requireOneGoal({ goal, say }: { readonly goal?: string; readonly say?: string }): void {
  if ((goal === undefined) !== (say === undefined)) return;
  throw new UsageError(
    `one of --goal, a picture of what to reach, and --say, the same in words, must be given, got ${goal === undefined ? 'none' : 'both'}`,
    { hint: 'the simulator writes a picture with --goal-out; run --dry-run needs none' },
  );
}
