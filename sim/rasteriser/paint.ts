import type { Canvas } from './canvas.ts';
import type { Rgb } from './scene.ts';
import { type Shade, sunlight } from './shade.ts';
import { columns, type Prepared, RECORD, valueAt, WIDE } from './triangles.ts';

/** How a geom's faces look, and what may shade them. */
export type Paint = {
  readonly rgb: Rgb;
  /** 1: opaque. Else it is blended with what is behind, and does not hide it. */
  readonly alpha: number;
  /** The other squares' colour. */
  readonly checker: Rgb | undefined;
  readonly shade: Shade | undefined;
};

/** Fills triangles with all that there may be: squares, shadows, what shines through. */
export function paint({ side, colour, nearness }: Canvas, { count, numbers: n }: Prepared, look: Paint): void {
  const { rgb, alpha, checker, shade } = look;
  const [red, green, blue] = [255 * rgb[0], 255 * rgb[1], 255 * rgb[2]];
  const [redder, greener, bluer] = checker
    ? [255 * checker[0] - red, 255 * checker[1] - green, 255 * checker[2] - blue]
    : [0, 0, 0];
  const opaque = alpha === 1;
  for (let t = 0; t < count * RECORD; t += RECORD) {
    const rows = n[t + 1]! - n[t]!;
    const [stepQ, stepL, stepS] = [n[t + 17]!, n[t + 20]!, n[t + 23]!];
    if (shade) shade.turn(n, t);
    for (let down = 0; down <= rows; down++) {
      const span = columns(n, t, down);
      if (span < 0) continue;
      const first = (span / WIDE) | 0;
      const row = n[t]! + down;
      const start = n[t + 2]! + first;
      const from = (row * side + start) | 0;
      const length = (span % WIDE) - first;
      let q = valueAt(n, t + 16, down, first);
      let l = valueAt(n, t + 19, down, first);
      let s = valueAt(n, t + 22, down, first);
      for (let i = 0; i <= length; i++, q += stepQ, l += stepL, s += stepS) {
        const at = from + i;
        if (q <= nearness[at]!) continue;
        if (opaque) nearness[at] = q;
        const z = 1 / q;
        const light = shade ? l + sunlight(shade, s, z, start + i, row) : l;
        const share = checker ? others(n, t, down, first + i, z) : 0;
        const r = Math.min(255, (red + redder * share) * light);
        const g = Math.min(255, (green + greener * share) * light);
        const b = Math.min(255, (blue + bluer * share) * light);
        colour[at] = opaque ? packed(r, g, b) : blended(colour[at]!, r, g, b, alpha);
      }
    }
  }
}

const packed = (r: number, g: number, b: number): number =>
  (r + 0.5) | 0 | (((g + 0.5) | 0) << 8) | (((b + 0.5) | 0) << 16);

/** A colour over what is there. */
const blended = (under: number, r: number, g: number, b: number, alpha: number): number => {
  const rest = 1 - alpha;
  return packed(
    alpha * r + rest * (under & 255),
    alpha * g + rest * ((under >> 8) & 255),
    alpha * b + rest * (under >> 16),
  );
};

/** How much of the other squares a sample at depth `z` covers: their exact mean over its footprint. */
function others(n: Float64Array, t: number, down: number, across: number, z: number): number {
  const x = valueAt(n, t + 25, down, across) * z;
  const y = valueAt(n, t + 28, down, across) * z;
  const [stepQ, downQ] = [n[t + 17]!, n[t + 18]!];
  const wx = (Math.abs(n[t + 26]! - x * stepQ) + Math.abs(n[t + 27]! - x * downQ)) * z + 1e-9;
  const wy = (Math.abs(n[t + 29]! - y * stepQ) + Math.abs(n[t + 30]! - y * downQ)) * z + 1e-9;
  return 0.5 - 2 * along(x, wx) * along(y, wy);
}

/** The mean of a wave of squares, from -1/2 to 1/2, over a width. */
function along(x: number, width: number): number {
  const from = (x - 0.5 * width) * 0.5;
  const to = (x + 0.5 * width) * 0.5;
  return (Math.abs(from - Math.floor(from) - 0.5) - Math.abs(to - Math.floor(to) - 0.5)) / width;
}
