import { seeded } from '../../../src/random.ts';
import type { Rgb } from '../../rasteriser/scene.ts';
import { type Given, readVariations } from '../../variations.ts';
import { furnish, type Obstacle, STANDARD } from './furniture.ts';

/** The four walls: north is +y, east is +x. */
export type Walls = Readonly<Record<'north' | 'east' | 'south' | 'west', Rgb>>;

/** Everything fixed about a room and its robot; lengths in metres. */
export type Layout = {
  readonly walls: Walls;
  readonly obstacles: readonly Obstacle[];
  /** Brightness; 1 is plain daylight. */
  readonly lighting: number;
  /** Do things shade each other? */
  readonly shadows: boolean;
  /** Of the tyres on the floor. */
  readonly friction: number;
  /** Standard deviation of the camera's noise, grey levels. */
  readonly cameraNoise: number;
  /** Of the front camera above the floor. */
  readonly cameraHeight: number;
};

export const variations: Readonly<Record<string, string>> = {
  boxes: `how many boxes and cylinders stand in the room, 0..${STANDARD.length} (${STANDARD.length})`,
  boxPlaces: 'seed of where they stand, a whole number; 0 is the standard room (0)',
  wallColours: 'seed of the colours of the walls, a whole number; 0 are the standard ones (0)',
  lighting: 'brightness, 0.3..1.5 (1)',
  shadows: 'of things on each other, true or false (false)',
  friction: 'of the tyres on the floor, 0.2..2 (1.5)',
  cameraNoise: 'standard deviation of the noise of every picture, grey levels 0..40 (0)',
  cameraHeight: 'of the front camera above the floor, 0.1..0.6 m (0.2)',
};

const WALLS: Walls = {
  north: [0.36, 0.55, 0.72],
  east: [0.8, 0.63, 0.4],
  south: [0.5, 0.66, 0.46],
  west: [0.74, 0.47, 0.5],
};

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Given = {}): Layout {
  const { number, whole, flag } = readVariations('diff-drive', variations, given);
  const count = whole('boxes', 0, STANDARD.length, STANDARD.length);
  const places = whole('boxPlaces', 0, Number.MAX_SAFE_INTEGER, 0);
  const colours = whole('wallColours', 0, Number.MAX_SAFE_INTEGER, 0);
  return {
    walls: colours === 0 ? WALLS : paintedWalls(colours),
    obstacles: places === 0 ? STANDARD.slice(0, count) : furnish(count, seeded(places).fork('boxes')),
    lighting: number('lighting', 0.3, 1.5, 1),
    shadows: flag('shadows'),
    friction: number('friction', 0.2, 2, 1.5),
    cameraNoise: number('cameraNoise', 0, 40, 0),
    cameraHeight: number('cameraHeight', 0.1, 0.6, 0.2),
  };
}

/** Four pastel colours a quarter of the colour circle apart, so that no two walls look alike. */
function paintedWalls(seed: number): Walls {
  const random = seeded(seed).fork('walls');
  const start = random.uniform();
  const way = random.uniform() < 0.5 ? 1 : -1;
  const colour = (quarter: number): Rgb => {
    const hue = start + (way * quarter) / 4 + 0.1 * (random.uniform() - 0.5);
    const [value, saturation] = [0.6 + 0.25 * random.uniform(), 0.3 + 0.3 * random.uniform()];
    const channel = (shift: number) => {
      const at = (((hue + shift) % 1) + 1) % 1;
      return value * (1 - saturation * Math.min(1, Math.max(0, 2 - Math.abs(6 * at - 3))));
    };
    return [channel(0), channel(1 / 3), channel(2 / 3)];
  };
  return { north: colour(0), east: colour(1), south: colour(2), west: colour(3) };
}
