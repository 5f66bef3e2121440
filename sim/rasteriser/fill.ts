import type { Canvas } from './canvas.ts';
import type { Rgb } from './scene.ts';
import { columns, type Prepared, RECORD, WIDE } from './triangles.ts';

/** Fills triangles with a colour in their light: the quick way, for what is opaque, plain and without shadows. */
export function fill({ side, colour, nearness }: Canvas, { count, numbers: n }: Prepared, rgb: Rgb): void {
  const red = 255 * rgb[0];
  const green = 255 * rgb[1];
  const blue = 255 * rgb[2];
  for (let t = 0; t < count * RECORD; t += RECORD) {
    const rows = n[t + 1]! - n[t]!;
    const stepQ = n[t + 17]!;
    const stepL = n[t + 20]!;
    const flat = n[t + 31]! === 1;
    const same = n[t + 19]!;
    const plain = flat
      ? (Math.min(255, red * same) + 0.5) |
        0 |
        (((Math.min(255, green * same) + 0.5) | 0) << 8) |
        (((Math.min(255, blue * same) + 0.5) | 0) << 16)
      : 0;
    for (let down = 0; down <= rows; down++) {
      const span = columns(n, t, down);
      if (span < 0) continue;
      const first = (span / WIDE) | 0;
      let left = (span % WIDE) - first;
      let at = ((n[t]! + down) * side + n[t + 2]! + first) | 0;
      let q = n[t + 16]! + down * n[t + 18]! + first * stepQ;
      if (flat) {
        for (; left >= 0; left--, at++, q += stepQ) {
          if (q <= nearness[at]!) continue;
          nearness[at] = q;
          colour[at] = plain;
        }
        continue;
      }
      let l = n[t + 19]! + down * n[t + 21]! + first * stepL;
      for (; left >= 0; left--, at++, q += stepQ, l += stepL) {
        if (q <= nearness[at]!) continue;
        nearness[at] = q;
        const r = red * l + 0.5;
        const g = green * l + 0.5;
        const b = blue * l + 0.5;
        colour[at] = (r < 255 ? r | 0 : 255) | ((g < 255 ? g | 0 : 255) << 8) | ((b < 255 ? b | 0 : 255) << 16);
      }
    }
  }
}
