import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { distance, type WallState } from './index.ts';
import type { Layout } from './layout.ts';
import { type Point, roomOf } from './rules.ts';

/** This far before and behind the wall the dot turns, px. */
const BEFORE = 1.5;
/** Close enough to a turning point, px. */
const THERE = 1;

/** To the opening, through it, to the target. `noise` is the deviation, in steps, of what is added to its actions. */
export function wallExpert(layout: Layout, random: Random, noise = 0): Expert<WallState> {
  const { speed, most } = layout;
  return ({ dot, target }) => {
    const next = waypoint(layout, dot, target);
    const way = Math.max(1e-9, distance(dot, next));
    const length = Math.min(way, speed * most);
    return [0, 1].map((i) => {
      const wanted = ((next[i]! - dot[i]!) / way) * (length / speed) + noise * most * random.normal();
      return Math.min(most, Math.max(-most, wanted));
    });
  };
}

function waypoint(layout: Layout, dot: Point, target: Point): Point {
  const { wall, door } = layout;
  const [side, other] = [roomOf(layout, dot), roomOf(layout, target)];
  const within = Math.abs(dot[0] - wall.centre) <= wall.half + BEFORE + THERE / 2;
  if (side === other && !within) return target;
  const before = (room: 0 | 1): Point => [wall.centre + (room === 0 ? -1 : 1) * (wall.half + BEFORE), door.centre];
  if (within && Math.abs(dot[1] - door.centre) < door.half)
    return side === other ? clearOf(before(other), dot, target) : before(other);
  if (side === other) return target;
  return before(side);
}

/** Out of the opening first, then to the target. */
const clearOf = (outside: Point, dot: Point, target: Point): Point =>
  Math.abs(dot[0] - outside[0]) < THERE ? target : outside;
