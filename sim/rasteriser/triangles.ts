import type { Vertices } from './vertices.ts';

/**
 * Triangles on the screen, ready to be filled: numbers that change evenly from sample to sample, each as its value at the
 * first sample of the bounding box, its change per column and per row. A record is:
 *
 *  0 first row, 1 last row, 2 first column, 3 columns less one
 *  4 8 12 share of each corner: value, per column, per row, 1 / per column
 *  16 nearness · 19 light · 22 light of the sun · 25 28 place on a checkered plane, times nearness: value, per column, per row
 *  31 1 where the light is the same all over, else 0
 */
export type Prepared = { count: number; numbers: Float64Array };

export const RECORD = 32;

/** Samples this far outside a triangle's edge still count, so that neighbours leave no gap. */
const EDGE = 1e-9;

/** What is wanted besides nearness. */
export type Wanted = { readonly light: boolean; readonly sun: boolean; readonly cells: boolean };

export const createPrepared = (): Prepared => ({ count: 0, numbers: new Float64Array(RECORD * 512) });

/** Prepares the triangles that face the viewer and have a sample in their bounding box. */
export function prepare(
  into: Prepared,
  side: number,
  { screen, light, sun, cells }: Vertices,
  indices: Uint32Array,
  count: number,
  wanted: Wanted,
): void {
  if (into.numbers.length < (RECORD * count) / 3) into.numbers = new Float64Array(RECORD * count);
  const n = into.numbers;
  const { light: wantsLight, sun: wantsSun, cells: wantsCells } = wanted;
  const last = side - 1;
  let to = 0;
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
    const bottom = Math.min(last, Math.floor(Math.max(ay, by, cy) - 0.5));
    if (top > bottom) continue;
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const right = Math.min(last, Math.floor(Math.max(ax, bx, cx) - 0.5));
    if (left > right) continue;

    const inverse = 1 / area;
    const px = left + 0.5;
    const py = top + 0.5;
    const stepA = (by - cy) * inverse;
    const stepB = (cy - ay) * inverse;
    const stepC = -stepA - stepB;
    const downA = (cx - bx) * inverse;
    const downB = (ax - cx) * inverse;
    const downC = -downA - downB;
    const wa = ((bx - px) * (cy - py) - (cx - px) * (by - py)) * inverse;
    const wb = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) * inverse;
    const wc = 1 - wa - wb;
    n[to] = top;
    n[to + 1] = bottom;
    n[to + 2] = left;
    n[to + 3] = right - left;
    n[to + 4] = wa + EDGE;
    n[to + 5] = stepA;
    n[to + 6] = downA;
    n[to + 7] = 1 / stepA;
    n[to + 8] = wb + EDGE;
    n[to + 9] = stepB;
    n[to + 10] = downB;
    n[to + 11] = 1 / stepB;
    n[to + 12] = wc + EDGE;
    n[to + 13] = stepC;
    n[to + 14] = downC;
    n[to + 15] = 1 / stepC;

    const qa = screen[3 * a + 2]!;
    const qb = screen[3 * b + 2]!;
    const qc = screen[3 * c + 2]!;
    n[to + 16] = wa * qa + wb * qb + wc * qc;
    n[to + 17] = stepA * qa + stepB * qb + stepC * qc;
    n[to + 18] = downA * qa + downB * qb + downC * qc;
    if (wantsLight) {
      const la = light[a]!;
      const lb = light[b]!;
      const lc = light[c]!;
      const flat = la === lb && lb === lc;
      n[to + 19] = flat ? la : wa * la + wb * lb + wc * lc;
      n[to + 20] = flat ? 0 : stepA * la + stepB * lb + stepC * lc;
      n[to + 21] = flat ? 0 : downA * la + downB * lb + downC * lc;
      n[to + 31] = flat ? 1 : 0;
    }
    if (wantsSun) {
      const [sa, sb, sc] = [sun[a]!, sun[b]!, sun[c]!];
      n[to + 22] = wa * sa + wb * sb + wc * sc;
      n[to + 23] = stepA * sa + stepB * sb + stepC * sc;
      n[to + 24] = downA * sa + downB * sb + downC * sc;
    }
    if (wantsCells) {
      for (let k = 0, at = to + 25; k < 2; k++, at += 3) {
        const [ua, ub, uc] = [cells[2 * a + k]! * qa, cells[2 * b + k]! * qb, cells[2 * c + k]! * qc];
        n[at] = wa * ua + wb * ub + wc * uc;
        n[at + 1] = stepA * ua + stepB * ub + stepC * uc;
        n[at + 2] = downA * ua + downB * ub + downC * uc;
      }
    }
    to += RECORD;
  }
  into.count = to / RECORD;
}

/** More columns than any screen has. */
export const WIDE = 16_384;

/**
 * The columns of a triangle in its `down`-th row, from its first column on: `first * WIDE + last`, or -1 where there are none.
 * Small enough to be drawn into the loops that use it.
 */
export function columns(n: Float64Array, at: number, down: number): number {
  let first = 0;
  let last = n[at + 3]!;
  for (let k = at + 4; k < at + 16; k += 4) {
    const share = n[k]! + down * n[k + 2]!;
    const step = n[k + 1]!;
    if (step > 0) first = Math.max(first, Math.ceil(-share * n[k + 3]!));
    else if (step < 0) last = Math.min(last, Math.floor(-share * n[k + 3]!));
    else if (share < 0) return -1;
  }
  return first <= last ? first * WIDE + last : -1;
}

/** One of a record's numbers so many rows and columns from its first sample. */
export const valueAt = (n: Float64Array, at: number, down: number, across: number): number =>
  n[at]! + down * n[at + 2]! + across * n[at + 1]!;
