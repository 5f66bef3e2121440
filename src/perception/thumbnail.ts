import type { Frame } from '../drivers/driver.ts';

/** Pixels per side of a thumbnail. */
const SIDE = 8;
export const THUMBNAIL = SIDE * SIDE * 3;

/** A square RGB picture as `[8, 8, 3]` mean colours, 0..1. */
export function thumbnail(pixels: Uint8Array, size: number): Float32Array {
  const sums = new Float32Array(THUMBNAIL);
  const counts = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = Math.floor((y * SIDE) / size) * SIDE + Math.floor((x * SIDE) / size);
      counts[cell]!++;
      for (let c = 0; c < 3; c++) sums[cell * 3 + c]! += pixels[(y * size + x) * 3 + c]!;
    }
  }
  return sums.map((sum, i) => sum / 255 / Math.max(1, counts[Math.floor(i / 3)]!));
}

/** A thumbnail as a picture. */
export const pictureOf = (small: Float32Array): Frame => ({
  width: SIDE,
  height: SIDE,
  data: Uint8Array.from(small, (value) => Math.round(255 * value)),
});
