import { type Bytes, type Given, readVariations, type Variations } from '../../variations.ts';

/** Everything fixed about the reacher. */
export type Layout = {
  /** Of the arm, kg/m^3. */
  readonly density: number;
  /** Brightness; 1 is plain daylight. */
  readonly lighting: number;
  /** Of the camera above the floor, m, and how it is turned, degrees. */
  readonly cameraHeight: number;
  readonly cameraTurn: number;
  readonly colours: Readonly<Record<'arm' | 'finger' | 'floor' | 'checker' | 'wall', Bytes>>;
};

export const variations: Variations = {
  density: 'of the arm, 500..1500 kg/m^3 (1000)',
  lighting: 'brightness, 0.3..1.5 (1)',
  cameraHeight: 'of the camera above the floor, 0.6..1 m (0.75)',
  cameraTurn: 'of the camera about the vertical, -30..30 degrees (0)',
  armColour: 'RGB bytes ([179, 128, 77])',
  fingerColour: 'RGB bytes ([179, 102, 51])',
  floorColour: 'RGB bytes ([26, 51, 77])',
  checkerColour: 'RGB bytes, the other squares ([51, 77, 102])',
  wallColour: 'RGB bytes ([77, 128, 179])',
};

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Given = {}): Layout {
  const { number, colour } = readVariations('reacher', variations, given);
  return {
    density: number('density', 500, 1500, 1000),
    lighting: number('lighting', 0.3, 1.5, 1),
    cameraHeight: number('cameraHeight', 0.6, 1, 0.75),
    cameraTurn: number('cameraTurn', -30, 30, 0),
    colours: {
      arm: colour('armColour', [179, 128, 77]),
      finger: colour('fingerColour', [179, 102, 51]),
      floor: colour('floorColour', [26, 51, 77]),
      checker: colour('checkerColour', [51, 77, 102]),
      wall: colour('wallColour', [77, 128, 179]),
    },
  };
}
