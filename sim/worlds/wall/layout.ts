import type { Colour } from '../../flat/canvas.ts';
import { type Given, readVariations, type Variations } from '../../variations.ts';

/** Everything fixed about a Wall world; lengths in px of the 65-pixel picture, x right, y down. */
export type Layout = {
  /** An action of 1 moves the dot by so many px, and an action is at most this long per axis. */
  readonly speed: number;
  readonly most: number;
  /** Standard deviation of the dot's blob. */
  readonly dot: number;
  readonly wall: { readonly centre: number; readonly half: number };
  readonly door: { readonly centre: number; readonly half: number };
  /** Success: nearer than this, px. */
  readonly reached: number;
  readonly colours: Readonly<Record<'dot' | 'wall' | 'background', Colour>>;
};

export const variations: Variations = {
  preset: "'dino-wm' (wall of 6 px, door at 30, steps of 2) or 'pldm' (wall of 3 px, door at 10, steps of 1)",
  wallCentre: 'of the vertical wall, 20..45 px (32)',
  doorCentre: "of the opening, 8..57 px (the preset's)",
  doorHalf: 'half of the opening, 3..10 px (4)',
  dot: "standard deviation of the dot's blob, 0.8..3 px (the preset's)",
  dotColour: 'RGB bytes ([255, 0, 0])',
  wallColour: 'RGB bytes ([0, 0, 0])',
  backgroundColour: 'RGB bytes ([255, 255, 255])',
};

const PRESETS = {
  'dino-wm': { speed: 2, most: 1, dot: 1.7, half: 3, door: 30, reached: 4.5 },
  pldm: { speed: 1, most: 2.45, dot: 1.3, half: 1.5, door: 10, reached: 1.4 },
} as const;

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Given = {}): Layout {
  const { number, oneOf, colour } = readVariations('wall', variations, given);
  const preset = PRESETS[oneOf('preset', ['dino-wm', 'pldm'])];
  return {
    speed: preset.speed,
    most: preset.most,
    dot: number('dot', 0.8, 3, preset.dot),
    wall: { centre: number('wallCentre', 20, 45, 32), half: preset.half },
    door: { centre: number('doorCentre', 8, 57, preset.door), half: number('doorHalf', 3, 10, 4) },
    reached: preset.reached,
    colours: {
      dot: colour('dotColour', [255, 0, 0]),
      wall: colour('wallColour', [0, 0, 0]),
      background: colour('backgroundColour', [255, 255, 255]),
    },
  };
}
