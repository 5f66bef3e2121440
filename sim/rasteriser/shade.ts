import type { View } from './view.ts';

/** What the first light sees: how high, towards it, the far sides of things are. */
export type ShadowMap = {
  /** Cells along a side. */
  readonly size: number;
  /** `[size, size]`, m towards the light; `-Infinity` where nothing is. */
  readonly heights: Float64Array;
  /** Side of a cell, m. */
  readonly cell: number;
  /** `[3, 4]`: from right, up and depth of a camera's view to column, row and height. */
  readonly fromView: Float64Array;
};

/** A map of shadows, as it lies on a picture. */
export type Shade = {
  readonly map: ShadowMap;
  /** `[3, 4]`: column, row and height on the map of what is seen at the screen's first sample, their changes per column and per row, all for depth 1; and what is the same for every depth. */
  readonly rays: Float64Array;
  /** `[2]`: how much higher the face being painted gets per column and row of the map. */
  readonly slopes: Float64Array;
  /** Tells which face is being painted: a record of `prepare`'s. */
  turn(numbers: Float64Array, at: number): void;
};

/** Faces that stand along the light get no steeper than this, m per cell and cell size: hardly any light falls on them. */
const STEEP = 20;
/** A face is shaded by what is this much below it at most, cells: what stands on it, whose far side touches it. */
const TOUCH = 0.02;

export function shadeOf(map: ShadowMap, { side, focal }: View): Shade {
  const m = map.fromView;
  const rays = new Float64Array(12);
  for (let k = 0; k < 12; k += 4) {
    const right = m[k]! / focal;
    const down = -m[k + 1]! / focal;
    rays[k] = m[k + 2]! - (right + down) * (side / 2 - 0.5);
    rays[k + 1] = right;
    rays[k + 2] = down;
    rays[k + 3] = m[k + 3]!;
  }
  const slopes = new Float64Array(2);
  const middle = side / 2 - 0.5;
  // The face as the light sees it. 1 / depth is even on the screen, so it gives the face's normal in the view.
  const turn = (n: Float64Array, at: number) => {
    const [stepQ, downQ] = [n[at + 17]!, n[at + 18]!];
    const [right, up] = [stepQ * focal, -downQ * focal];
    const ahead = n[at + 16]! + (middle - n[at + 2]!) * stepQ + (middle - n[at]!) * downQ;
    const across = m[0]! * right + m[1]! * up + m[2]! * ahead;
    const along = m[4]! * right + m[5]! * up + m[6]! * ahead;
    const towards = m[8]! * right + m[9]! * up + m[10]! * ahead;
    // Columns and rows are in cells, heights in m.
    const scale = (map.cell * map.cell) / towards;
    slopes[0] = limited(-across * scale, STEEP * map.cell);
    slopes[1] = limited(-along * scale, STEEP * map.cell);
  };
  return { map, rays, slopes, turn };
}

const limited = (value: number, most: number): number =>
  value > -most && value < most ? value : value > 0 ? most : value < 0 ? -most : 0;

/** How much of `sun`, the first light's light, comes to a sample at a depth. */
export function sunlight({ map, rays, slopes }: Shade, sun: number, depth: number, x: number, y: number): number {
  if (sun <= 0) return 0;
  const column = depth * (rays[0]! + x * rays[1]! + y * rays[2]!) + rays[3]!;
  const row = depth * (rays[4]! + x * rays[5]! + y * rays[6]!) + rays[7]!;
  const height = depth * (rays[8]! + x * rays[9]! + y * rays[10]!) + rays[11]!;
  return sun * lit(map, column, row, height, slopes);
}

/** How much of the light comes to a place of the map, 0 to 1: the mean of the four cells round it. */
function lit(
  { size, heights, cell }: ShadowMap,
  column: number,
  row: number,
  height: number,
  slopes: Float64Array,
): number {
  const x = Math.floor(column - 0.5);
  const y = Math.floor(row - 0.5);
  if (!(x >= 0 && y >= 0 && x + 1 < size && y + 1 < size)) return 1;
  const at = y * size + x;
  const [fx, fy] = [column - 0.5 - x, row - 0.5 - y];
  const [slopeX, slopeY] = [slopes[0]!, slopes[1]!];
  // The face's own height in the middle of the first cell, and from there in the others.
  const there = height - fx * slopeX - fy * slopeY - TOUCH * cell;
  const a = heights[at]! > there ? 0 : 1;
  const b = heights[at + 1]! > there + slopeX ? 0 : 1;
  const c = heights[at + size]! > there + slopeY ? 0 : 1;
  const d = heights[at + size + 1]! > there + slopeX + slopeY ? 0 : 1;
  return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy;
}
