import type { Random } from '../../../src/random.ts';
import type { Rgb } from '../../rasteriser/scene.ts';

export type Point = readonly [x: number, y: number];

/** Half the room, m; its middle is the origin, x to the east, y to the north. */
export const ROOM = { halfX: 2.5, halfY: 2, wallHeight: 0.8 };
/** Radius of the robot seen from above, m. */
export const ROBOT_RADIUS = 0.15;

/** Something that stands in the room and does not move. */
export type Obstacle = {
  readonly shape: 'box' | 'cylinder';
  readonly rgb: Rgb;
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
  /** Half-sizes, m; a cylinder's are its radius. */
  readonly halfX: number;
  readonly halfY: number;
  readonly height: number;
};

const box = (rgb: Rgb, x: number, y: number, yaw: number, halfX: number, halfY: number, height: number): Obstacle => ({
  shape: 'box',
  rgb,
  x,
  y,
  yaw,
  halfX,
  halfY,
  height,
});
const cylinder = (rgb: Rgb, x: number, y: number, radius: number, height: number): Obstacle => ({
  ...box(rgb, x, y, 0, radius, radius, height),
  shape: 'cylinder',
});

/** The standard room: each thing in its own colour. */
export const STANDARD: readonly Obstacle[] = [
  box([0.85, 0.16, 0.14], 1.25, 0.95, 0.2, 0.25, 0.2, 0.45),
  cylinder([0.12, 0.3, 0.85], -1.15, 1.05, 0.2, 0.55),
  box([0.95, 0.8, 0.1], -1.45, -0.85, 0.5, 0.3, 0.18, 0.3),
  cylinder([0.1, 0.6, 0.25], 0.85, -1, 0.17, 0.65),
  box([0.55, 0.2, 0.7], -0.1, 0.15, -0.4, 0.14, 0.26, 0.38),
  box([0.95, 0.95, 0.92], 2.2, -1.62, 0, 0.3, 0.38, 0.7),
];

/** Two things leave the robot this much room between them, m; near a wall they leave as much or touch it. */
const GAP = 2 * ROBOT_RADIUS + 0.25;
const TRIES = 2000;

/** The first `count` things of the standard room, put elsewhere. Fewer when there is no room for all. */
export function furnish(count: number, random: Random): Obstacle[] {
  const placed: Obstacle[] = [];
  for (const thing of STANDARD.slice(0, count)) {
    const reach = Math.hypot(thing.halfX, thing.halfY);
    for (let tries = 0; tries < TRIES; tries++) {
      const x = (ROOM.halfX - reach - GAP) * (2 * random.uniform() - 1);
      const y = (ROOM.halfY - reach - GAP) * (2 * random.uniform() - 1);
      const yaw = thing.shape === 'box' ? Math.PI * random.uniform() : 0;
      const apart = (other: Obstacle) =>
        Math.hypot(other.x - x, other.y - y) - reach - Math.hypot(other.halfX, other.halfY);
      if (placed.some((other) => apart(other) < GAP)) continue;
      placed.push({ ...thing, x, y, yaw });
      break;
    }
  }
  return placed;
}

/** A place in an obstacle's own frame. */
export function within({ x, y, yaw }: Obstacle, [px, py]: Point): Point {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const [dx, dy] = [px - x, py - y];
  return [c * dx + s * dy, c * dy - s * dx];
}

/** From a place to the nearest surface of an obstacle, m; not positive inside. */
export function distanceTo(obstacle: Obstacle, place: Point): number {
  const [dx, dy] = within(obstacle, place);
  if (obstacle.shape === 'cylinder') return Math.hypot(dx, dy) - obstacle.halfX;
  const [outX, outY] = [Math.abs(dx) - obstacle.halfX, Math.abs(dy) - obstacle.halfY];
  return Math.hypot(Math.max(outX, 0), Math.max(outY, 0)) + Math.min(0, Math.max(outX, outY));
}

/** Between the robot's hull and whatever is nearest to it, m; negative when they overlap. */
export function clearance(obstacles: readonly Obstacle[], place: Point): number {
  const [x, y] = place;
  const walls = Math.min(ROOM.halfX - Math.abs(x), ROOM.halfY - Math.abs(y));
  return Math.min(walls, ...obstacles.map((obstacle) => distanceTo(obstacle, place))) - ROBOT_RADIUS;
}
