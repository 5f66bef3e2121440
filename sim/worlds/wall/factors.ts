import { anyColour } from '../../variations.ts';
import type { Factor } from '../../world.ts';

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({
    dotColour: anyColour(random, 0, 200),
    wallColour: anyColour(random, 0, 110),
    backgroundColour: anyColour(random, 200, 255),
  }),
  size: (random) => ({ dot: 1.2 + 1.2 * random.uniform() }),
  layout: (random) => ({ wallCentre: 22 + random.integer(21), doorCentre: 12 + random.integer(41) }),
};
