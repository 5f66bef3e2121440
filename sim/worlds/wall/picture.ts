import type { Frame } from '../../../src/drivers/driver.ts';
import { flatCanvas } from '../../flat/canvas.ts';
import type { Layout } from './layout.ts';
import { BORDER, type Point, SIDE } from './rules.ts';

/** Blobs reach this many standard deviations. */
const REACH = 4;

export type Picture = (dot: Point) => Frame;

/** A painter of square pictures of `size` pixels: walls by area, the dot as a blob at its continuous place. */
export function picture(layout: Layout, size: number): Picture {
  const { colours, wall, door, dot: deviation } = layout;
  const canvas = flatCanvas(size, SIDE);
  const { pixels } = canvas;
  for (let i = 0; i < pixels.length; i++) pixels[i] = colours.background[i % 3]!;
  const bar = (x0: number, y0: number, x1: number, y1: number) =>
    canvas.rectangle(
      {
        ...({ origin: [(x0 + x1) / 2, (y0 + y1) / 2], middle: [0, 0], cosine: 1, sine: 0 } as const),
        halfX: (x1 - x0) / 2,
        halfY: (y1 - y0) / 2,
      },
      colours.wall,
    );
  const { low, high } = BORDER; // pixel columns: their middles are half a pixel further
  for (const line of [low, high]) {
    bar(line, low, line + 1, high + 1);
    bar(low, line, high + 1, line + 1);
  }
  const [left, right] = [wall.centre - wall.half + 0.5, wall.centre + wall.half + 0.5];
  bar(left, low, right, door.centre - door.half + 0.5);
  bar(left, door.centre + door.half + 0.5, right, high + 1);
  const background = pixels.slice();
  const perPixel = SIDE / size;
  return ([x, y]) => {
    pixels.set(background);
    const reach = REACH * deviation;
    const span = (value: number) => [
      Math.max(0, Math.floor((value + 0.5 - reach) / perPixel)),
      Math.min(size - 1, Math.ceil((value + 0.5 + reach) / perPixel)),
    ];
    const [[left, right], [top, bottom]] = [span(x) as [number, number], span(y) as [number, number]];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const [dx, dy] = [(column + 0.5) * perPixel - 0.5 - x, (row + 0.5) * perPixel - 0.5 - y];
        const weight = Math.exp(-(dx * dx + dy * dy) / (2 * deviation * deviation));
        const at = 3 * (row * size + column);
        for (let c = 0; c < 3; c++) pixels[at + c] = pixels[at + c]! + (colours.dot[c]! - pixels[at + c]!) * weight;
      }
    }
    return canvas.frame();
  };
}
