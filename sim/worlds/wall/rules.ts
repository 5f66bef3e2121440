import type { Layout } from './layout.ts';

export type Point = readonly [x: number, y: number];

/** Side of the picture, and the border lines' middles, px. */
export const SIDE = 65;
export const BORDER = { low: 4, high: 60 };
/** What was run into pushes back by this much along its normal, and aside, px. */
const BACK = 0.5;
/** The dot stays this much inside of the border lines, px. */
const INSIDE = 0.3;

type Line = { readonly axis: 0 | 1; readonly at: number; readonly from: number; readonly to: number };

/** The faces of the wall that a dot can run into: both sides above and below the opening, and its jambs. */
export function facesOf({ wall, door }: Layout): Line[] {
  const [left, right] = [wall.centre - wall.half, wall.centre + wall.half];
  const [top, bottom] = [door.centre - door.half, door.centre + door.half];
  const sides = [left, right].flatMap((at): Line[] => [
    { axis: 0, at, from: -SIDE, to: top },
    { axis: 0, at, from: bottom, to: 2 * SIDE },
  ]);
  const jambs = [top, bottom].map((at): Line => ({ axis: 1, at, from: left, to: right }));
  return [...sides, ...jambs];
}

/** Which room: 0 (left) or 1. */
export const roomOf = ({ wall }: Layout, [x]: Point): 0 | 1 => (x < wall.centre ? 0 : 1);

/**
 * DINO-WM's rule: a dot that would cross a face stops where it meets it, half a pixel back along the normal and half a pixel
 * along the other axis, and stays within the borders.
 */
export function move(faces: readonly Line[], from: Point, by: Point): Point {
  const to: Point = [from[0] + by[0], from[1] + by[1]];
  let first: { readonly share: number; readonly line: Line } | undefined;
  for (const line of faces) {
    const { axis, at } = line;
    const share = (at - from[axis]) / by[axis];
    if (!(share >= 0 && share <= 1)) continue;
    const along = axis === 0 ? from[1] + share * by[1] : from[0] + share * by[0];
    if (along < line.from || along > line.to) continue;
    if (!first || share < first.share) first = { share, line };
  }
  if (!first) return within(to);
  const { axis, at } = first.line;
  const met: [number, number] = [from[0] + first.share * by[0], from[1] + first.share * by[1]];
  met[axis] = at - Math.sign(by[axis]) * BACK;
  const other = axis === 0 ? 1 : 0;
  met[other] += BACK;
  return within(met);
}

const within = ([x, y]: Point): Point => [inside(x), inside(y)];
const inside = (value: number) => Math.min(BORDER.high - INSIDE, Math.max(BORDER.low + INSIDE, value));
