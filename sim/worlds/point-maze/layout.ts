import { type Bytes, type Given, readVariations, type Variations } from '../../variations.ts';
import { type Maze, mazeNames, mazeOf } from './maze.ts';

/** Everything fixed about a point maze. */
export type Layout = {
  readonly maze: Maze;
  /** Of the ball, kg/m^3, and what slows it, N s/m. */
  readonly density: number;
  readonly damping: number;
  readonly lighting: number;
  readonly colours: Readonly<Record<'ball' | 'wall' | 'floor', Bytes>>;
};

export const variations: Variations = {
  maze: `which one: ${mazeNames.join(', ')} (umaze)`,
  density: 'of the ball, 500..2000 kg/m^3 (1000)',
  damping: 'of its motion, 0.5..4 N s/m (1)',
  lighting: 'brightness, 0.3..1.5 (1)',
  ballColour: 'RGB bytes ([60, 200, 80])',
  wallColour: 'RGB bytes ([178, 128, 77])',
  floorColour: 'RGB bytes ([52, 77, 102])',
};

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Given = {}): Layout {
  const { number, oneOf, colour } = readVariations('point-maze', variations, given);
  return {
    maze: mazeOf(oneOf('maze', mazeNames)),
    density: number('density', 500, 2000, 1000),
    damping: number('damping', 0.5, 4, 1),
    lighting: number('lighting', 0.3, 1.5, 1),
    colours: {
      ball: colour('ballColour', [60, 200, 80]),
      wall: colour('wallColour', [178, 128, 77]),
      floor: colour('floorColour', [52, 77, 102]),
    },
  };
}
