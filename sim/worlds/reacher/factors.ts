import { anyColour } from '../../variations.ts';
import type { Factor } from '../../world.ts';

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({
    armColour: anyColour(random, 100, 255),
    fingerColour: anyColour(random, 100, 255),
    floorColour: anyColour(random, 0, 90),
    checkerColour: anyColour(random, 0, 120),
    wallColour: anyColour(random, 0, 255),
  }),
  mass: (random) => ({ density: 500 + 1000 * random.uniform() }),
  lighting: (random) => ({ lighting: 0.6 + 0.6 * random.uniform() }),
  camera: (random) => ({ cameraHeight: 0.7 + 0.2 * random.uniform(), cameraTurn: 20 * random.uniform() - 10 }),
};
