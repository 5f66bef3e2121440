import { anyColour } from '../../variations.ts';
import type { Factor } from '../../world.ts';

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({
    cubeColour: anyColour(random, 120, 255),
    armColour: anyColour(random, 60, 220),
    floorColour: anyColour(random, 0, 80),
    checkerColour: anyColour(random, 20, 110),
  }),
  size: (random) => ({ half: 0.016 + 0.007 * random.uniform() }),
  mass: (random) => ({ density: 600 + 1400 * random.uniform() }),
  friction: (random) => ({ friction: 0.8 + 0.7 * random.uniform() }),
  lighting: (random) => ({ lighting: 0.6 + 0.6 * random.uniform() }),
  camera: (random) => ({ cameraTurn: 20 * random.uniform() - 10 }),
};
