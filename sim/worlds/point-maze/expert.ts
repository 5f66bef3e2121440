import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { distance, type PointMazeState, placeOf, velocityOf } from './index.ts';
import type { Layout } from './layout.ts';
import { cellAt, centreOf, type Point, wayBetween } from './maze.ts';

/** Of the original's controller: push per metre, and per m/s. */
const STIFFNESS = 10;
const DAMPING = -1;
/** This near to a cell's middle the ball turns to the next, m. */
const PASSED = 0.25;

/** From cell to cell by the fewest steps, then to the target. `noise` is the deviation of what is added to its actions. */
export function pointMazeExpert({ maze }: Layout, random: Random, noise = 0): Expert<PointMazeState> {
  return (state) => {
    const here = placeOf(state);
    const way = wayBetween(maze, cellAt(here), cellAt(state.target));
    const velocity = velocityOf(state);
    const next = nextOf(here, way.map(centreOf), state.target);
    return next.map((value, i) => {
      const wanted = STIFFNESS * (value - here[i]!) + DAMPING * velocity[i]!;
      return Math.min(1, Math.max(-1, wanted + noise * random.normal()));
    });
  };
}

/** The middle of this cell before the next one's, unless the ball is there or on its line already. */
function nextOf(here: Point, [own, next, ...rest]: readonly Point[], target: Point): Point {
  if (!next || !own) return target;
  const across = own[0] === next[0] ? Math.abs(here[0] - own[0]) : Math.abs(here[1] - own[1]);
  if (across > PASSED && distance(here, own) > PASSED) return own;
  return rest.length === 0 ? target : next;
}
