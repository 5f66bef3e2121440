import type { Frame } from '../../../src/drivers/driver.ts';
import { type Point, SIZE } from './layout.ts';

/** A blob's brightest pixel is redder than green by at least this. */
const RED = 64;

/** Where a picture shows the (red) agent: the middle of its redness; undefined where there is none. */
export function readPicture({ width, height, data }: Frame): Point | undefined {
  let [sum, x, y, most] = [0, 0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = 3 * (row * width + column);
      const red = Math.max(0, data[at]! - data[at + 1]!);
      if (red < RED / 8) continue;
      most = Math.max(most, red);
      sum += red;
      x += red * column;
      y += red * row;
    }
  }
  if (most < RED) return undefined;
  return [((x / sum + 0.5) * SIZE) / width - 0.5, ((y / sum + 0.5) * SIZE) / height - 0.5];
}
