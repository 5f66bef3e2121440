import type { Random } from '../../../src/random.ts';
import type { Factor } from '../../world.ts';
import { forms } from './shapes.ts';

const colour = (random: Random, low = 0, high = 255): number[] =>
  Array.from({ length: 3 }, () => low + random.integer(high - low + 1));

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({
    agentColour: colour(random, 0, 200),
    blockColour: colour(random, 0, 200),
    markColour: colour(random, 120, 255),
    backgroundColour: colour(random, 205, 255),
  }),
  size: (random) => ({ scale: 24 + 16 * random.uniform(), agentRadius: 11 + 8 * random.uniform() }),
  shape: (random) => ({ shape: forms[random.integer(forms.length)]! }),
  speed: (random) => ({ speed: 75 + 50 * random.uniform() }),
};
