import { encode } from 'fast-png';
import type { Frame } from '../../drivers/driver.ts';

const GAP = 4;

/** Frames of one size side by side, each `wide` px across. */
export function strip(frames: readonly Frame[], wide = 96): Uint8Array {
  const [{ width: side, height: tall } = { width: 1, height: 1 }] = frames;
  const high = Math.round((wide * tall) / side);
  const step = wide + GAP;
  const [width, height] = [Math.max(1, frames.length * step - GAP), high];
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const [n, frame] of frames.entries()) {
    for (let y = 0; y < high; y++)
      for (let x = 0; x < wide; x++) {
        const from = 3 * (Math.floor((y * tall) / high) * side + Math.floor((x * side) / wide));
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
