import { clearance, type Obstacle, type Point, ROBOT_RADIUS, ROOM, within } from './furniture.ts';

/** A way keeps this much between the hull and the furniture, m. */
const MARGIN = 0.08;
const REACH = ROBOT_RADIUS + MARGIN;
/** Corners to turn at lie this much farther out than ways have to, m. */
const BEYOND = 0.01;
/** A corner that is reached already counts as this much farther, m. */
const LAST_CHOICE = 1;

/** The next place on the shortest way between two places: the end itself when nothing is in between. */
export type Route = (from: Point, to: Point) => Point;

/** Finds ways round furniture: straight lines between the corners of what is kept clear of (a visibility graph). */
export function routes(obstacles: readonly Obstacle[]): Route {
  const open = (a: Point, b: Point) => obstacles.every((obstacle) => !crosses(obstacle, a, b));
  const corners = obstacles.flatMap(cornersOf).filter((corner) => {
    const [x, y] = corner;
    const inRoom = Math.abs(x) < ROOM.halfX - REACH && Math.abs(y) < ROOM.halfY - REACH;
    return inRoom && clearance(obstacles, corner) >= MARGIN;
  });
  const between = corners.map((a) => corners.map((b) => (open(a, b) ? distance(a, b) : Number.POSITIVE_INFINITY)));

  return (from, to) => {
    if (open(from, to)) return to;
    // Dijkstra from the end: how far it is from every corner.
    const left = corners.map((corner) => (open(corner, to) ? distance(corner, to) : Number.POSITIVE_INFINITY));
    const known = corners.map(() => false);
    for (;;) {
      let nearest = -1;
      for (let i = 0; i < corners.length; i++) {
        if (!known[i] && left[i]! < (left[nearest] ?? Number.POSITIVE_INFINITY)) nearest = i;
      }
      if (nearest < 0) break;
      known[nearest] = true;
      for (let i = 0; i < corners.length; i++) left[i] = Math.min(left[i]!, left[nearest]! + between[nearest]![i]!);
    }
    let best = to;
    let least = Number.POSITIVE_INFINITY;
    for (const [i, corner] of corners.entries()) {
      const away = distance(from, corner);
      const way = away + left[i]! + (away < BEYOND ? LAST_CHOICE : 0);
      if (way < least && open(from, corner)) [best, least] = [corner, way];
    }
    return best;
  };
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

function cornersOf({ x, y, yaw, halfX, halfY }: Obstacle): Point[] {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  return [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ].map(([signX, signY]) => {
    const [dx, dy] = [signX! * (halfX + REACH + BEYOND), signY! * (halfY + REACH + BEYOND)];
    return [x + c * dx - s * dy, y + s * dx + c * dy];
  });
}

/**
 * Does a straight way come too near to an obstacle? What to keep off is a rectangle in the obstacle's own frame; it is
 * smaller when the way begins or ends inside of it, so that there is always a way out.
 */
function crosses(obstacle: Obstacle, a: Point, b: Point): boolean {
  const [from, to] = [within(obstacle, a), within(obstacle, b)];
  const inset = Math.max(0, depthIn(obstacle, from), depthIn(obstacle, to));
  const half = [obstacle.halfX + REACH - inset, obstacle.halfY + REACH - inset] as const;
  let [enters, leaves] = [0, 1];
  for (const axis of [0, 1] as const) {
    const way = to[axis] - from[axis];
    if (Math.abs(way) < 1e-12) {
      if (Math.abs(from[axis]) >= half[axis]) return false;
      continue;
    }
    const one = (-half[axis] - from[axis]) / way;
    const other = (half[axis] - from[axis]) / way;
    enters = Math.max(enters, Math.min(one, other));
    leaves = Math.min(leaves, Math.max(one, other));
  }
  return leaves - enters > 1e-9;
}

/** How far inside of what is to be kept off a place lies, m. */
const depthIn = ({ halfX, halfY }: Obstacle, [x, y]: Point): number =>
  Math.min(halfX + REACH - Math.abs(x), halfY + REACH - Math.abs(y));
