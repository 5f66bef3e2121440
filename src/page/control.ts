import type { Dials } from '../agent/dials.ts';
import type { Frame } from '../drivers/driver.ts';
import { decodeFrame } from './telemetry.ts';

/** What a person may ask of any robot. */
export const controlKinds = ['estop', 'reset', 'pause', 'run'] as const;

/** How a mind shall think: refinements per thought (0: not at all), candidates, blocks ahead, and how much its costs weigh. */
export type Tuning = { readonly kind: 'tune' } & Dials;

/** What a person may do in a simulated world besides. Numbers are finite, names are short. */
export type SimControl =
  | { readonly kind: 'step' | 'episode' | 'save' | 'release' }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'policy' | 'camera'; readonly name: string }
  /** Keys that are held down (`KeyboardEvent.code`), and the place of the picture that is pointed at, `[0, 1]^2`. */
  | { readonly kind: 'hands'; readonly keys: readonly string[]; readonly point?: readonly [number, number] }
  /** A thing drawn towards a place: m in a solid world, `[0, 1]^2` of the picture in a flat one. */
  | { readonly kind: 'pull'; readonly body: string; readonly from: readonly number[]; readonly to: readonly number[] };

/** Another goal: a picture of it. */
export type NewGoal = { readonly kind: 'goal'; readonly frame: Frame };

/** Another goal, in words. */
export type Ask = { readonly kind: 'ask'; readonly words: string };

export type RobotControl = { readonly kind: (typeof controlKinds)[number] } | Tuning | NewGoal | Ask;

/** From the page, as JSON. */
export type Control = RobotControl | SimControl;

/** Is it for any robot, simulated or not? */
export const isForRobot = (control: Control): control is RobotControl =>
  ['tune', 'goal', 'ask'].includes(control.kind) || (controlKinds as readonly string[]).includes(control.kind);

/** The goal in a binary message (`encodeFrame`), `size` pixels square; undefined if it is none. */
export function parseGoal(bytes: Uint8Array, size: number): NewGoal | undefined {
  const { channel, frame } = decodeFrame(bytes) ?? {};
  if (channel !== 'goal' || frame?.width !== size || frame.height !== size) return undefined;
  return { kind: 'goal', frame: { ...frame, data: frame.data.slice() } };
}

const LONGEST_NAME = 64;
const LONGEST_WISH = 200;
const MOST_KEYS = 8;
const MOST_WEIGHTS = 16;
/** What numbers of a tuning may be. */
const RANGES = { iterations: [0, 1000], samples: [8, 1024], horizon: [1, 20] } as const;

/** The control in a message; undefined if there is none in it. */
export function parseControl(text: string): Control | undefined {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const { kind } = said;
  if (kind === 'step' || kind === 'episode' || kind === 'save' || kind === 'release') return { kind };
  if (kind === 'speed') return isNumber(said.speed) && said.speed > 0 ? { kind, speed: said.speed } : undefined;
  if (kind === 'policy' || kind === 'camera') return isName(said.name) ? { kind, name: said.name } : undefined;
  if (kind === 'hands') return hands(said);
  if (kind === 'ask') return isWish(said.words) ? { kind, words: said.words } : undefined;
  if (kind === 'tune') return tuning(said);
  if (kind === 'pull') {
    const { body, from, to } = said;
    return isName(body) && isPlace(from) && isPlace(to) ? { kind, body, from, to } : undefined;
  }
  const known = controlKinds.find((name) => name === kind);
  return known && { kind: known };
}

function hands({ keys, point }: Record<string, unknown>): Control | undefined {
  if (!Array.isArray(keys) || keys.length > MOST_KEYS || !keys.every(isName)) return undefined;
  if (point === undefined) return { kind: 'hands', keys };
  return isPlace(point) && point.length === 2
    ? { kind: 'hands', keys, point: point as unknown as [number, number] }
    : undefined;
}

function tuning({ weights, ...said }: Record<string, unknown>): Control | undefined {
  const numbers = Object.entries(RANGES).flatMap(([name, range]) =>
    said[name] === undefined ? [] : [[name, said[name], range] as const],
  );
  if (
    !numbers.every(
      ([, value, [low, high]]) => isNumber(value) && Number.isInteger(value) && value >= low && value <= high,
    )
  )
    return undefined;
  const tuned: Tuning = { kind: 'tune', ...Object.fromEntries(numbers) };
  if (weights === undefined) return tuned;
  if (typeof weights !== 'object' || weights === null) return undefined;
  const entries = Object.entries(weights);
  const sound = entries.length <= MOST_WEIGHTS && entries.every(([name, value]) => isName(name) && isNumber(value));
  return sound ? { ...tuned, weights: Object.fromEntries(entries) } : undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;
const isWish = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_WISH;
const isPlace = (value: unknown): value is number[] =>
  Array.isArray(value) && (value.length === 2 || value.length === 3) && value.every(isNumber);
