import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { distance, type TwoRoomState } from './index.ts';
import { type Layout, type Point, WALL } from './layout.ts';
import { clamp, roomOf } from './rules.ts';

/** A door is wide enough when its half-size is this many radii. */
const FIT = 1.1;
/** This near to a door's centre the expert turns to its target, px. */
const DOOR_REACHED = 10.5;

/** Standard deviation of the original's action noise, per axis. */
export const EXPERT_NOISE = 2;

/**
 * Straight to the target, or through the nearest door that fits when it lies in the other room: a unit direction plus
 * normal noise per axis, clipped to [-1, 1].
 */
export function twoRoomExpert(layout: Layout, random: Random, noise = EXPERT_NOISE): Expert<TwoRoomState> {
  return ({ agent, target }) => {
    const [goalX, goalY] = waypoint(layout, agent, target);
    const [dx, dy] = [goalX - agent[0], goalY - agent[1]];
    const length = Math.hypot(dx, dy);
    const [ux, uy] = length > 1e-8 ? [dx / length, dy / length] : [0, 0];
    return [clamp(ux + noise * random.normal(), -1, 1), clamp(uy + noise * random.normal(), -1, 1)];
  };
}

function waypoint(layout: Layout, agent: Point, target: Point): Point {
  if (roomOf(layout, agent) === roomOf(layout, target)) return target;
  const vertical = layout.axis === 'vertical';
  let nearest: Point | undefined;
  for (const { centre, half } of layout.doors) {
    if (half < FIT * layout.radius) continue;
    const door: Point = vertical ? [WALL, centre] : [centre, WALL];
    if (!nearest || distance(agent, door) < distance(agent, nearest)) nearest = door;
  }
  // No door fits: to the wall beside the target, which is better than nothing.
  if (!nearest) return vertical ? [WALL, target[1]] : [target[0], WALL];
  return distance(agent, nearest) > DOOR_REACHED ? nearest : target;
}
