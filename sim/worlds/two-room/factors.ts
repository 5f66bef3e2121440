import type { Random } from '../../../src/random.ts';
import type { Factor } from '../../world.ts';

const colour = (random: Random, low: number, high: number): number[] =>
  Array.from({ length: 3 }, () => low + random.integer(high - low + 1));

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({
    agentColour: colour(random, 0, 255),
    wallColour: colour(random, 0, 110),
    backgroundColour: colour(random, 145, 255),
  }),
  size: (random) => ({ radius: 7 + 7 * random.uniform() }),
  speed: (random) => ({ speed: 3.5 + 3.5 * random.uniform() }),
  layout: (random) => {
    const doors = 1 + random.integer(3);
    return {
      axis: random.uniform() < 0.5 ? 'vertical' : 'horizontal',
      wallThickness: 7 + random.integer(14),
      doors,
      doorPositions: [49, 175, 112].map((centre) => centre - 15 + random.integer(31)),
      doorHalfSizes: [0, 1, 2].map(() => 16 + random.integer(6)),
    };
  },
};
