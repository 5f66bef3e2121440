import type { Factor } from '../../world.ts';

const SEEDS = 2 ** 31;

/** What can be drawn anew for every episode. */
export const factors: Readonly<Record<string, Factor>> = {
  colour: (random) => ({ wallColours: 1 + random.integer(SEEDS) }),
  layout: (random) => ({ boxPlaces: 1 + random.integer(SEEDS), boxes: 3 + random.integer(4) }),
  lighting: (random) => ({ lighting: 0.6 + 0.6 * random.uniform() }),
  friction: (random) => ({ friction: 0.8 + random.uniform() }),
  camera: (random) => ({ cameraHeight: 0.15 + 0.2 * random.uniform() }),
};
