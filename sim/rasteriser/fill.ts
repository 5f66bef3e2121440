import type { Rgb } from './scene.ts';
import type { Vertices } from './vertices.ts';

/** What is drawn into: `side` x `side` samples. */
export type Canvas = {
  readonly side: number;
  /** `[side, side, 3]`, bytes. */
  readonly colour: Uint8ClampedArray;
  /** `[side, side]`: 1 / depth, 0 where nothing is. It is linear on the screen, so perspective is exact. */
  readonly nearness: Float64Array;
};

export const createCanvas = (side: number): Canvas => ({
  side,
  colour: new Uint8ClampedArray(3 * side * side),
  nearness: new Float64Array(side * side),
});

/** How a geom's faces look: their colour, the other squares' if there are any, and the light that comes from everywhere. */
export type Paint = { readonly rgb: Rgb; readonly checker: Rgb | undefined; readonly ambient: number };

/** Samples this far outside a triangle's edge still count, so that neighbours leave no gap. */
const EDGE = 1e-9;

/**
 * Draws the triangles that face the camera. One long loop over triangles, rows and samples on typed arrays and locals: a
 * call per triangle would halve the rate.
 */
export function fill(canvas: Canvas, vertices: Vertices, indices: Uint16Array, count: number, paint: Paint): void {
  const { side, colour, nearness } = canvas;
  const { screen, light, cells } = vertices;
  const { ambient, checker } = paint;
  const red = 255 * paint.rgb[0];
  const green = 255 * paint.rgb[1];
  const blue = 255 * paint.rgb[2];
  const checkered = checker !== undefined;
  const redder = checkered ? 255 * checker[0] - red : 0;
  const greener = checkered ? 255 * checker[1] - green : 0;
  const bluer = checkered ? 255 * checker[2] - blue : 0;

  for (let t = 0; t < count; t += 3) {
    const a = indices[t]!;
    const b = indices[t + 1]!;
    const c = indices[t + 2]!;
    const ax = screen[3 * a]!;
    const ay = screen[3 * a + 1]!;
    const bx = screen[3 * b]!;
    const by = screen[3 * b + 1]!;
    const cx = screen[3 * c]!;
    const cy = screen[3 * c + 1]!;
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (area >= 0) continue; // seen from behind
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const bottom = Math.min(side - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const right = Math.min(side - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    if (top > bottom || left > right) continue;

    // The share of each corner at the first sample, and its change per column and row.
    const inverse = 1 / area;
    const px = left + 0.5;
    const py = top + 0.5;
    const stepA = (by - cy) * inverse;
    const stepB = (cy - ay) * inverse;
    const stepC = -stepA - stepB;
    const downA = (cx - bx) * inverse;
    const downB = (ax - cx) * inverse;
    const downC = -downA - downB;
    let rowA = ((bx - px) * (cy - py) - (cx - px) * (by - py)) * inverse;
    let rowB = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) * inverse;
    let rowC = 1 - rowA - rowB;

    const qa = screen[3 * a + 2]!;
    const qb = screen[3 * b + 2]!;
    const qc = screen[3 * c + 2]!;
    const la = light[a]!;
    const lb = light[b]!;
    const lc = light[c]!;
    const stepQ = stepA * qa + stepB * qb + stepC * qc;
    const stepL = stepA * la + stepB * lb + stepC * lc;
    const ua = cells[2 * a]! * qa;
    const ub = cells[2 * b]! * qb;
    const uc = cells[2 * c]! * qc;
    const va = cells[2 * a + 1]! * qa;
    const vb = cells[2 * b + 1]! * qb;
    const vc = cells[2 * c + 1]! * qc;
    const stepU = stepA * ua + stepB * ub + stepC * uc;
    const stepV = stepA * va + stepB * vb + stepC * vc;
    const downQ = downA * qa + downB * qb + downC * qc;
    const downU = downA * ua + downB * ub + downC * uc;
    const downV = downA * va + downB * vb + downC * vc;

    for (let row = top; row <= bottom; row++, rowA += downA, rowB += downB, rowC += downC) {
      // The columns where no share is negative.
      let first = 0;
      let last = right - left;
      if (stepA > 0) first = Math.max(first, Math.ceil((-EDGE - rowA) / stepA));
      else if (stepA < 0) last = Math.min(last, Math.floor((-EDGE - rowA) / stepA));
      else if (rowA < -EDGE) continue;
      if (stepB > 0) first = Math.max(first, Math.ceil((-EDGE - rowB) / stepB));
      else if (stepB < 0) last = Math.min(last, Math.floor((-EDGE - rowB) / stepB));
      else if (rowB < -EDGE) continue;
      if (stepC > 0) first = Math.max(first, Math.ceil((-EDGE - rowC) / stepC));
      else if (stepC < 0) last = Math.min(last, Math.floor((-EDGE - rowC) / stepC));
      else if (rowC < -EDGE) continue;
      if (first > last) continue;

      const [wa, wb, wc] = [rowA + first * stepA, rowB + first * stepB, rowC + first * stepC];
      let q = wa * qa + wb * qb + wc * qc;
      let l = wa * la + wb * lb + wc * lc + ambient;
      let u = wa * ua + wb * ub + wc * uc;
      let v = wa * va + wb * vb + wc * vc;
      let at = row * side + left + first;
      for (let n = last - first; n >= 0; n--, at++, q += stepQ, l += stepL, u += stepU, v += stepV) {
        if (q <= nearness[at]!) continue;
        nearness[at] = q;
        const to = 3 * at;
        if (!checkered) {
          colour[to] = red * l;
          colour[to + 1] = green * l;
          colour[to + 2] = blue * l;
          continue;
        }
        // How much of the other squares a sample covers: their exact mean over its footprint.
        const z = 1 / q;
        const x = u * z;
        const y = v * z;
        const wx = (Math.abs(stepU - x * stepQ) + Math.abs(downU - x * downQ)) * z + 1e-9;
        const wy = (Math.abs(stepV - y * stepQ) + Math.abs(downV - y * downQ)) * z + 1e-9;
        const x0 = (x - 0.5 * wx) * 0.5;
        const x1 = (x + 0.5 * wx) * 0.5;
        const y0 = (y - 0.5 * wy) * 0.5;
        const y1 = (y + 0.5 * wy) * 0.5;
        const alongX = (Math.abs(x0 - Math.floor(x0) - 0.5) - Math.abs(x1 - Math.floor(x1) - 0.5)) / wx;
        const alongY = (Math.abs(y0 - Math.floor(y0) - 0.5) - Math.abs(y1 - Math.floor(y1) - 0.5)) / wy;
        const share = 0.5 - 2 * alongX * alongY;
        colour[to] = (red + redder * share) * l;
        colour[to + 1] = (green + greener * share) * l;
        colour[to + 2] = (blue + bluer * share) * l;
      }
    }
  }
}
