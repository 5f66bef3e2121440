import { BORDER, type Layout, type Point, WALL } from './layout.ts';

/** How far beyond a door's edge the original still lets the agent's centre pass, px. */
const DOOR_MARGIN = 1.75;
/** How far off the wall the original leaves an agent that ran into it, px. */
const PUSH_BACK = 0.5;

/** Half the wall: it covers pixels `WALL - half` to `WALL + half`, both included. */
export const wallHalf = (layout: Layout): number => Math.floor(layout.wallThickness / 2);

/** Index of the coordinate that crosses the wall; the other one runs along it. */
export const acrossIndex = (layout: Layout): 0 | 1 => (layout.axis === 'vertical' ? 0 : 1);

/** Which room: 0 (left or upper) or 1. */
export const roomOf = (layout: Layout, position: Point): 0 | 1 => (position[acrossIndex(layout)] < WALL ? 0 : 1);

/**
 * The original's collision: only the end point is tested, against the side where the step started; jambs do not
 * exist, so a step can cut a corner. `[x, y]` px, displacement px.
 */
export function endpointMove(layout: Layout, [x, y]: Point, [dx, dy]: Point): Point {
  const { radius } = layout;
  const nextX = clamp(x + dx, BORDER.inner + radius, BORDER.far - radius);
  const nextY = clamp(y + dy, BORDER.inner + radius, BORDER.far - radius);
  const vertical = layout.axis === 'vertical';
  const along = vertical ? nextY : nextX;
  const across = offWall(layout, vertical ? x : y, vertical ? nextX : nextY, along);
  return vertical ? [across, along] : [along, across];
}

function offWall(layout: Layout, from: number, to: number, along: number): number {
  const inDoor = layout.doors.some(
    ({ centre, half }) => along >= centre - half - DOOR_MARGIN && along <= centre + half + DOOR_MARGIN,
  );
  if (inDoor) return to;
  const low = WALL - wallHalf(layout) - layout.radius;
  const high = WALL + wallHalf(layout) + layout.radius;
  if (from < WALL) return to > low ? low - PUSH_BACK : to;
  return to < high ? high + PUSH_BACK : to;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
