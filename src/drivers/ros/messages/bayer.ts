import { BadMessage } from '../../../errors.ts';
import type { Frame } from '../../driver.ts';

/** Colours of the upper left 2x2 pixels, row by row. */
const patterns = ['rggb', 'bggr', 'gbrg', 'grbg'] as const;
type Pattern = (typeof patterns)[number];

export const isPattern = (text: string): text is Pattern => (patterns as readonly string[]).includes(text);

/**
 * RGB of a picture taken through a Bayer filter: bilinear, that is what a pixel did not see is the mean of those of its
 * eight neighbours that did. Throws `BadMessage` when it is smaller than the pattern.
 */
export function demosaic(
  { width, height }: { readonly width: number; readonly height: number },
  sample: (x: number, y: number) => number,
  pattern: Pattern,
): Frame {
  if (width < 2 || height < 2)
    throw new BadMessage(`a Bayer picture must be at least 2x2 pixels, got ${width}x${height}`);
  const colours = Array.from(pattern, (letter) => 'rgb'.indexOf(letter));
  const colourAt = (x: number, y: number) => colours[2 * (y & 1) + (x & 1)]!;
  const data = new Uint8Array(3 * width * height);
  const [sum, count] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let y = 0, to = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - 1), Math.min(height - 1, y + 1)];
    for (let x = 0; x < width; x++, to += 3) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      sum.fill(0);
      count.fill(0);
      for (let v = top; v <= bottom; v++) {
        for (let u = left; u <= right; u++) {
          const colour = colourAt(u, v);
          sum[colour]! += sample(u, v);
          count[colour]!++;
        }
      }
      for (let c = 0; c < 3; c++) data[to + c] = Math.round(sum[c]! / count[c]!);
      data[to + colourAt(x, y)] = sample(x, y);
    }
  }
  return { width, height, data };
}
