import type { Random } from '../../../src/random.ts';
import type { Policy } from '../../world.ts';
import { distance, HOLDING, NEAR_ENOUGH, restlessExpert } from './expert.ts';
import { type CubeState, type CubeWorld, drawOnTable, type Place, type Seen } from './index.ts';

/** So many steps it goes by one error. */
const SPAN = { least: 10, most: 45 };
/** Share of the spans in which it sees rightly. */
const RIGHT = 0.4;
/** Deviation of where it takes its hand to be, m; and how much lower than it is at most. */
const ASIDE = 0.015;
const LOWER = 0.06;
/** Share of the others in which it takes what it closed its fingers upon for the cube. */
const DELUDED = 0.7;
/** Steps until it wants the cube elsewhere, on average. */
const PATIENCE = 60;

/**
 * An expert that errs: it takes its hand to be beside where it is, or lower, closes its fingers upon nothing and carries that about as if it were the cube.
 * What those who know the way never show: that a cube comes along only with who holds it.
 */
export function fumble({ seen, layout, actionSpec }: CubeWorld, random: Random): Policy<CubeState> {
  let error: Place = [0, 0, 0];
  let deluded = false;
  let carries = false;
  let left = 0;
  const begin = () => {
    left = SPAN.least + random.integer(SPAN.most - SPAN.least);
    const errs = random.uniform() >= RIGHT;
    const aside = () => ASIDE * random.normal();
    error = errs ? [aside(), aside(), -LOWER * random.uniform()] : [0, 0, 0];
    deluded = errs && random.uniform() < DELUDED;
    carries = false;
  };
  const believed = (state: CubeState): Seen => {
    const now = seen(state);
    const place = now.place.map((value, i) => value + error[i]!) as unknown as Place;
    if (deluded && now.closed > HOLDING.from && distance(place, now.cube) <= NEAR_ENOUGH) carries = true;
    return carries ? { ...now, place, cube: place, closed: 0.5, opening: 0 } : { ...now, place };
  };
  const act = restlessExpert({ seen: believed, actionSpec }, random);
  return {
    act: (state) => {
      if (left-- <= 0) begin();
      return act(state);
    },
    next: (state) => (random.uniform() < 1 / PATIENCE ? { ...state, target: drawOnTable(layout, random) } : state),
    done: () => false,
  };
}
