import { encode } from 'fast-png';
import type { Frame } from '../../drivers/driver.ts';

const GAP = 4;

/** Frames of one size side by side, `zoom` times as large. */
export function strip(frames: readonly Frame[], zoom = 2): Uint8Array {
  const [{ width: side, height: tall } = { width: 0, height: 0 }] = frames;
  const step = side * zoom + GAP;
  const [width, height] = [Math.max(1, frames.length * step - GAP), tall * zoom];
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const [n, frame] of frames.entries()) {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < side * zoom; x++) {
        const from = 3 * (Math.floor(y / zoom) * side + Math.floor(x / zoom));
        data.set(frame.data.subarray(from, from + 3), 3 * (y * width + n * step + x));
      }
  }
  return encode({ width, height, data, channels: 3 });
}

/** About `count` of a list, evenly spread, the first and the last among them. */
export function some<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))]!);
}
