import { UsageError } from '../../../src/errors.ts';
import { nearest } from '../../../src/nearest.ts';

export type Point = readonly [number, number];
export type Colour = readonly [number, number, number];
export type Door = { readonly centre: number; readonly half: number };

/** Everything fixed about a TwoRoom world; lengths in pixels of the 224-pixel picture, x right, y down. */
export type Layout = {
  readonly radius: number;
  readonly speed: number;
  readonly axis: 'vertical' | 'horizontal';
  readonly wallThickness: number;
  readonly doors: readonly Door[];
  readonly collision: 'endpoint' | 'swept';
  /** Where `reset` puts the target. */
  readonly targets: 'anywhere' | 'other-room';
  readonly showTarget: boolean;
  readonly colours: Readonly<Record<'agent' | 'target' | 'wall' | 'border' | 'door' | 'background', Colour>>;
};

export const SIZE = 224;
export const WALL = 112;
/** Border lines: pixel columns and rows 10..13 and 210..213. */
export const BORDER = { low: 10, inner: 14, far: 210, high: 214 };

export const variations: Readonly<Record<string, string>> = {
  collision: "'endpoint' (the original's rules) or 'swept' (the whole disc is swept along every move)",
  radius: 'radius of the agent, 7..14 px (7)',
  speed: 'px per step at full action, 1.75..10.5 (5)',
  axis: "'vertical' or 'horizontal' wall",
  wallThickness: 'whole px, 7..41 (10)',
  doors: 'number of doors, 1..3 (1)',
  doorPositions: 'centre of each door along the wall, px 0..223 ([49, 175, 112])',
  doorHalfSizes: 'half-size of each door, px 1..21 ([14, 14, 14])',
  targets: "'anywhere', or 'other-room': at least 25 steps away, through a door ('anywhere')",
  showTarget: 'draw the target, true or false (false)',
  agentColour: 'RGB bytes ([255, 0, 0])',
  targetColour: 'RGB bytes ([0, 255, 0])',
  wallColour: 'RGB bytes ([0, 0, 0])',
  borderColour: 'RGB bytes (as the wall)',
  doorColour: 'RGB bytes (as the background)',
  backgroundColour: 'RGB bytes ([255, 255, 255])',
};

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Readonly<Record<string, unknown>> = {}): Layout {
  for (const name of Object.keys(given)) {
    if (name in variations) continue;
    const meant = nearest(name, Object.keys(variations));
    throw new UsageError(`two-room has no variation '${name}'`, {
      hint: meant ? `did you mean '${meant}'?` : `known: ${Object.keys(variations).join(', ')}`,
    });
  }
  const count = number(given, 'doors', 1, 3, 1, true);
  const centres = numbers(given, 'doorPositions', 0, SIZE - 1, [49, 175, 112], count);
  const halves = numbers(given, 'doorHalfSizes', 1, 21, [14, 14, 14], count);
  const background = colour(given, 'backgroundColour', [255, 255, 255]);
  const wall = colour(given, 'wallColour', [0, 0, 0]);
  return {
    radius: number(given, 'radius', 7, 14, 7),
    speed: number(given, 'speed', 1.75, 10.5, 5),
    axis: oneOf(given, 'axis', ['vertical', 'horizontal']),
    wallThickness: number(given, 'wallThickness', 7, 41, 10, true),
    doors: centres.map((centre, i) => ({ centre, half: halves[i]! })),
    collision: oneOf(given, 'collision', ['endpoint', 'swept']),
    targets: oneOf(given, 'targets', ['anywhere', 'other-room']),
    showTarget: flag(given, 'showTarget'),
    colours: {
      agent: colour(given, 'agentColour', [255, 0, 0]),
      target: colour(given, 'targetColour', [0, 255, 0]),
      wall,
      border: colour(given, 'borderColour', wall),
      door: colour(given, 'doorColour', background),
      background,
    },
  };
}

type Given = Readonly<Record<string, unknown>>;

function number(given: Given, name: string, low: number, high: number, otherwise: number, whole = false): number {
  const value = given[name] ?? otherwise;
  if (typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  throw wrong(name, `${whole ? 'a whole number' : 'a number'} in ${low}..${high}`, value);
}

function numbers(given: Given, name: string, low: number, high: number, otherwise: number[], count: number): number[] {
  const value = given[name] ?? otherwise;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const inside = (v: unknown) => typeof v === 'number' && v >= low && v <= high;
  if (list.length >= count && list.every(inside)) return list.slice(0, count) as number[];
  throw wrong(name, `${count} number(s) in ${low}..${high}`, value);
}

function oneOf<T extends string>(given: Given, name: string, choices: readonly [T, ...T[]]): T {
  const value = given[name] ?? choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw wrong(name, `one of ${choices.join(', ')}`, value);
}

function flag(given: Given, name: string): boolean {
  const value = given[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw wrong(name, 'true or false', value);
}

function colour(given: Given, name: string, otherwise: Colour): Colour {
  const value = given[name] ?? otherwise;
  const isByte = (v: unknown) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 255;
  if (Array.isArray(value) && value.length === 3 && value.every(isByte)) return value as unknown as Colour;
  throw wrong(name, 'three bytes (RGB)', value);
}

function wrong(name: string, expected: string, got: unknown): UsageError {
  return new UsageError(`variation '${name}' must be ${expected}, got ${JSON.stringify(got)}`, {
    hint: variations[name]!,
  });
}
