import { distanceTo, inside, outside } from './contacts.ts';
import type { Pose } from './index.ts';
import type { Layout } from './layout.ts';
import type { Point } from './shapes.ts';

/** A way keeps this much between agent and block, px, unless it begins or ends nearer. */
const MARGIN = 3;
/** Points of a way that are looked at are so far apart, px. */
const STEP = 6;
/** Places on the ring round the block. */
const PLACES = 16;
const BEYOND = 6;

/**
 * The next place on a short way to `to` that does not touch the block: the end itself when nothing is between, else places
 * on a ring round the block.
 */
export function goRound(
  { block, agentRadius }: Layout,
  pose: Pick<Pose, 'block' | 'angle'>,
  from: Point,
  to: Point,
): Point {
  const [start, end] = [inside(pose, from), inside(pose, to)];
  const gap = (place: Point) => distanceTo(block.boxes, place) - agentRadius;
  const open = (a: Point, b: Point) => {
    const least = Math.min(MARGIN, gap(a) - 0.01, gap(b) - 0.01);
    const count = Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / STEP);
    for (let i = 1; i < count; i++) {
      if (gap([a[0] + ((b[0] - a[0]) * i) / count, a[1] + ((b[1] - a[1]) * i) / count]) < least) return false;
    }
    return true;
  };
  if (open(start, end)) return to;
  const radius = block.reach + agentRadius + BEYOND;
  const ring = Array.from({ length: PLACES }, (_, i): Point => {
    const turn = (2 * Math.PI * i) / PLACES;
    return [block.centre[0] + radius * Math.cos(turn), block.centre[1] + radius * Math.sin(turn)];
  });
  const chord = 2 * radius * Math.sin(Math.PI / PLACES);
  const enters = ring.map((place) => (open(start, place) ? far(start, place) : Infinity));
  const leaves = ring.map((place) => (open(place, end) ? far(place, end) : Infinity));
  let best: { readonly length: number; readonly next: Point } = { length: Infinity, next: away(start, gap) };
  for (let i = 0; i < PLACES; i++) {
    if (enters[i] === Infinity) continue;
    for (let j = 0; j < PLACES; j++) {
      const round = Math.min(Math.abs(i - j), PLACES - Math.abs(i - j));
      const length = enters[i]! + round * chord + leaves[j]!;
      if (length < best.length) best = { length, next: ring[i]! };
    }
  }
  return outside(pose, best.next);
}

/** A little farther from the block. */
function away([x, y]: Point, gap: (place: Point) => number): Point {
  const slope: Point = [gap([x + 0.5, y]) - gap([x - 0.5, y]), gap([x, y + 0.5]) - gap([x, y - 0.5])];
  const length = Math.max(1e-6, Math.hypot(...slope));
  return [x + (20 * slope[0]) / length, y + (20 * slope[1]) / length];
}

const far = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);
