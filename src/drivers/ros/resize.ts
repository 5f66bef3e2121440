import type { Frame } from '../driver.ts';
import { MAX_PIXELS } from './check.ts';

export type Size = { readonly width: number; readonly height: number };
/** `fit`: the whole picture, stretched if it must be. `centre`: its largest middle part of the wanted shape. */
export type Crop = 'fit' | 'centre';

/** The largest middle part of a frame that has the shape of `size`. */
export function centred(frame: Frame, size: Size): Frame {
  const width = Math.max(1, Math.min(frame.width, Math.round((frame.height * size.width) / size.height)));
  const height = Math.max(1, Math.min(frame.height, Math.round((frame.width * size.height) / size.width)));
  if (width === frame.width && height === frame.height) return frame;
  const [left, top] = [(frame.width - width) >> 1, (frame.height - height) >> 1];
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * frame.width + left);
    data.set(frame.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return { width, height, data };
}

/**
 * The frame in another size. Every new pixel is the mean of the area it covers, parts of pixels by their part (an exact
 * box filter, in whole numbers, rounded once); the same size is the same frame.
 */
export function resized(frame: Frame, { width, height }: Size): Frame {
  if (width === frame.width && height === frame.height) return frame;
  const data = new Uint8Array(3 * width * height);
  const row = new Float64Array(3 * width); // one row of the frame in the new width
  const sum = new Float64Array(3 * width); // the new row that is being added up
  const area = frame.width * frame.height;
  // in steps of 1/height of an old row and 1/frame.height of a new one, both have the same length
  for (let y = 0, to = 0; y < frame.height; y++) {
    narrowed(frame, y, width, row);
    for (let at = y * height, end = at + height; at < end; ) {
      const stop = Math.min(end, (to + 1) * frame.height);
      for (let i = 0; i < sum.length; i++) sum[i]! += (stop - at) * row[i]!;
      if (stop === (to + 1) * frame.height) {
        for (let i = 0; i < sum.length; i++) data[to * sum.length + i] = Math.round(sum[i]! / area);
        sum.fill(0);
        to++;
      }
      at = stop;
    }
  }
  return { width, height, data };
}

/** Row `y` of a frame in another width, times the frame's width. */
function narrowed(frame: Frame, y: number, width: number, row: Float64Array): void {
  row.fill(0);
  let from = 3 * y * frame.width;
  for (let x = 0, to = 0; x < frame.width; x++, from += 3) {
    for (let at = x * width, end = at + width; at < end; ) {
      const stop = Math.min(end, (to + 1) * frame.width);
      for (let c = 0; c < 3; c++) row[3 * to + c]! += (stop - at) * frame.data[from + c]!;
      if (stop === (to + 1) * frame.width) to++;
      at = stop;
    }
  }
}

/** Throws `RangeError` unless a picture can have this size. */
export function checkSize({ width, height }: Size): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || width * height > MAX_PIXELS) {
    throw new RangeError(`size must be whole numbers and 1 to ${MAX_PIXELS} pixels, got ${width}x${height}`);
  }
}
