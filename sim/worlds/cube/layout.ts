import { type Bytes, type Given, readVariations, type Variations } from '../../variations.ts';

/** Everything fixed about the cube's table; lengths in metres. */
export type Layout = {
  /** Half the cube's side. */
  readonly half: number;
  /** Of the cube, kg/m^3, and of what the fingers grip with. */
  readonly density: number;
  readonly friction: number;
  readonly lighting: number;
  readonly shadows: boolean;
  /** The cameras turned about the vertical through the workspace, degrees. */
  readonly cameraTurn: number;
  /** Opacity of the arm. */
  readonly armAlpha: number;
  readonly colours: Readonly<Record<'cube' | 'arm' | 'floor' | 'checker', Bytes>>;
};

export const variations: Variations = {
  half: "half the cube's side, 0.012..0.024 m (0.02)",
  density: 'of the cube, 300..3000 kg/m^3 (1240)',
  friction: 'between fingers and cube, 0.5..2 (1)',
  lighting: 'brightness, 0.3..1.5 (1)',
  shadows: 'of things on each other, true or false (false)',
  cameraTurn: 'of the cameras about the vertical, -10..10 degrees (0)',
  armAlpha: 'opacity of the arm, 0.1..1 (1)',
  cubeColour: 'RGB bytes ([245, 66, 84])',
  armColour: 'RGB bytes ([150, 155, 165])',
  floorColour: 'RGB bytes ([20, 28, 41])',
  checkerColour: 'RGB bytes, the other squares ([38, 46, 64])',
};

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Given = {}): Layout {
  const { number, flag, colour } = readVariations('cube', variations, given);
  return {
    half: number('half', 0.012, 0.024, 0.02),
    density: number('density', 300, 3000, 1240),
    friction: number('friction', 0.5, 2, 1),
    lighting: number('lighting', 0.3, 1.5, 1),
    shadows: flag('shadows'),
    cameraTurn: number('cameraTurn', -10, 10, 0),
    armAlpha: number('armAlpha', 0.1, 1, 1),
    colours: {
      cube: colour('cubeColour', [245, 66, 84]),
      arm: colour('armColour', [150, 155, 165]),
      floor: colour('floorColour', [20, 28, 41]),
      checker: colour('checkerColour', [38, 46, 64]),
    },
  };
}
