import { anyColour } from '../../variations.ts';
import type { Factor } from '../../world.ts';

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({
    ballColour: anyColour(random, 120, 255),
    wallColour: anyColour(random, 80, 255),
    floorColour: anyColour(random, 0, 110),
  }),
  mass: (random) => ({ density: 600 + 900 * random.uniform() }),
  friction: (random) => ({ damping: 0.7 + 2 * random.uniform() }),
  lighting: (random) => ({ lighting: 0.6 + 0.6 * random.uniform() }),
};
