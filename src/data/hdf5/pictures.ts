import type { Frame } from '../../drivers/driver.ts';
import type { Column } from './column.ts';

/** Bytes of pictures read at a time, at least one chunk. */
const WINDOW = 1 << 23;

/** Whether rows look like pictures: bytes, `[h, w, 3]`, `[h, w, 1]` or `[3, h, w]`. */
export const isPicture = ({ isByte, shape }: Column): boolean =>
  isByte && shape.length === 3 && ([1, 3].includes(shape[2]!) || shape[0] === 3);

/**
 * The pictures of a column at random access, best in order: rows that are stored together are read together, once. With
 * `every` above 1 rows between are left unread where the file allows it.
 */
export function pictures(column: Column, every: number): (row: number) => Frame {
  const { rows, width, chunkRows } = column;
  const alone = chunkRows === 1 && every > 1;
  const chunk = chunkRows * width;
  const step = alone ? 1 : chunkRows * Math.max(1, Math.floor(WINDOW / chunk));
  let [start, end] = [0, 0];
  let data: ArrayLike<number> = [];
  return (row) => {
    if (row < start || row >= end) {
      start = Math.floor(row / step) * step;
      end = Math.min(rows, start + step);
      data = column.read(start, end);
    }
    const at = (row - start) * width;
    return toRgb((data as Uint8Array).subarray(at, at + width), column.shape);
  };
}

function toRgb(bytes: Uint8Array, shape: readonly number[]): Frame {
  const [a, b, c] = shape as [number, number, number];
  if (c === 3) return { width: b, height: a, data: bytes };
  const [height, width] = c === 1 ? [a, b] : [b, c];
  const size = width * height;
  const data = new Uint8Array(3 * size);
  for (let i = 0; i < size; i++) {
    for (let channel = 0; channel < 3; channel++) {
      data[3 * i + channel] = bytes[c === 1 ? i : channel * size + i]!;
    }
  }
  return { width, height, data };
}
