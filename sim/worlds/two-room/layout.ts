import { type Given, readVariations } from '../../variations.ts';

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
export function layoutOf(given: Given = {}): Layout {
  const { number, whole, numbers, oneOf, flag, colour } = readVariations('two-room', variations, given);
  const count = whole('doors', 1, 3, 1);
  const centres = numbers('doorPositions', 0, SIZE - 1, [49, 175, 112], count);
  const halves = numbers('doorHalfSizes', 1, 21, [14, 14, 14], count);
  const background = colour('backgroundColour', [255, 255, 255]);
  const wall = colour('wallColour', [0, 0, 0]);
  return {
    radius: number('radius', 7, 14, 7),
    speed: number('speed', 1.75, 10.5, 5),
    axis: oneOf('axis', ['vertical', 'horizontal']),
    wallThickness: whole('wallThickness', 7, 41, 10),
    doors: centres.map((centre, i) => ({ centre, half: halves[i]! })),
    collision: oneOf('collision', ['endpoint', 'swept']),
    targets: oneOf('targets', ['anywhere', 'other-room']),
    showTarget: flag('showTarget'),
    colours: {
      agent: colour('agentColour', [255, 0, 0]),
      target: colour('targetColour', [0, 255, 0]),
      wall,
      border: colour('borderColour', wall),
      door: colour('doorColour', background),
      background,
    },
  };
}
