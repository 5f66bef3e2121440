import { z } from 'zod';
import type { Frame, Observation } from '../drivers/driver.ts';
import { resized } from '../drivers/ros/resize.ts';

/**
 * Several cameras, and what a robot measures of itself, as one picture: every encoder takes it, data sets and recordings hold it, and a
 * goal is one too. Up to four cameras, or three and a panel of gauges.
 */
export const viewSchema = z
  .strictObject({
    /** In the order of their tiles: row by row. */
    cameras: z.array(z.string()).min(1).max(4),
    /** Numbers of the state shown as bars, from `low` (empty) to `high` (full). */
    gauges: z.array(z.strictObject({ name: z.string(), index: z.int().min(0), low: z.number(), high: z.number() })),
    /** How many numbers the whole state has. */
    stateSize: z.int().min(0),
  })
  .refine(({ cameras, gauges }) => cameras.length + (gauges.length > 0 ? 1 : 0) <= 4, 'room is for four tiles');
export type View = z.infer<typeof viewSchema>;

/** Is it one camera's own picture, and nothing else? */
export const isPlain = ({ cameras, gauges }: View): boolean => cameras.length === 1 && gauges.length === 0;

export type Seen = Pick<Observation, 'frames' | 'proprio'>;

/** Of a bar. */
const [FULL, EMPTY] = [255, 40];

/**
 * Everything that is seen as one picture of `size` x `size`; nothing where a camera or, with gauges, a part of the state is missing.
 * Tiles are half as wide as the picture; the panel comes last, a bar a number from top to bottom.
 */
export function inOneView({ cameras, gauges, stateSize }: View, size: number): (seen: Seen) => Frame | undefined {
  const tiles = cameras.length + (gauges.length > 0 ? 1 : 0);
  const side = tiles === 1 ? size : Math.floor(size / 2);
  const corner = (tile: number): [number, number] => [(tile % 2) * side, Math.floor(tile / 2) * side];
  return ({ frames, proprio = [] }) => {
    const data = new Uint8Array(size * size * 3);
    for (const [tile, name] of cameras.entries()) {
      const frame = frames[name];
      if (!frame) return undefined;
      place(data, size, resized(frame, { width: side, height: side }), corner(tile));
    }
    if (gauges.length > 0) {
      if (proprio.length !== stateSize) return undefined;
      const shares = gauges.map(({ index, low, high }) => (proprio[index]! - low) / (high - low));
      if (!shares.every(Number.isFinite)) return undefined;
      place(data, size, panel(shares, side), corner(cameras.length));
    }
    return { width: size, height: size, data };
  };
}

/** Bars as far to the right as their share, the last pixel by its part. */
function panel(shares: readonly number[], side: number): Frame {
  const data = new Uint8Array(side * side * 3);
  const band = Math.floor(side / shares.length);
  for (const [i, share] of shares.entries()) {
    const reach = Math.min(1, Math.max(0, share)) * side;
    for (let y = i * band; y < (i + 1) * band - (band > 2 ? 1 : 0); y++) {
      for (let x = 0; x < side; x++) {
        const filled = Math.min(1, Math.max(0, reach - x));
        data.fill(Math.round(EMPTY + (FULL - EMPTY) * filled), 3 * (y * side + x), 3 * (y * side + x + 1));
      }
    }
  }
  return { width: side, height: side, data };
}

function place(
  data: Uint8Array,
  size: number,
  { width, height, data: tile }: Frame,
  [left, top]: [number, number],
): void {
  for (let y = 0; y < height; y++)
    data.set(tile.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((top + y) * size + left));
}
