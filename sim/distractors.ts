import type { Frame } from '../src/drivers/driver.ts';
import { seeded } from '../src/random.ts';

/** How far a distractor wanders from where it is at home, as a share of the picture, and the least time of a round, steps. */
const WANDER = 0.3;
const ROUND = 40;

/**
 * A frame with coloured discs before it that wander about and mean nothing: `count` of them, of the look and the ways that
 * `seed` draws, `tick` steps after the episode began. Their rims are blended over one pixel.
 */
export function distracted(frame: Frame, count: number, seed: number, tick: number): Frame {
  const { width, height } = frame;
  const data = frame.data.slice();
  for (let i = 0; i < count; i++) {
    const { x, y, radius, rgb } = distractor(seed, i, tick);
    disc(data, width, height, [x * width, y * height], Math.max(0.5, radius * width), rgb);
  }
  return { width, height, data };
}

type Distractor = { readonly x: number; readonly y: number; readonly radius: number; readonly rgb: readonly number[] };

/** Where the `index`-th disc is, in `[0, 1]^2` of the picture or a little outside of it. */
function distractor(seed: number, index: number, tick: number): Distractor {
  const random = seeded(seed).fork(`distractor ${index}`);
  const sweep = () => {
    const home = random.uniform();
    const [turn, start] = [(2 * Math.PI * (0.3 + 0.7 * random.uniform())) / ROUND, 2 * Math.PI * random.uniform()];
    return home + WANDER * Math.sin(start + turn * tick);
  };
  const [x, y] = [sweep(), sweep()];
  const radius = 0.03 + 0.05 * random.uniform();
  return { x, y, radius, rgb: Array.from({ length: 3 }, () => random.integer(256)) };
}

function disc(
  data: Uint8Array,
  width: number,
  height: number,
  [x, y]: readonly [number, number],
  radius: number,
  rgb: readonly number[],
): void {
  const [left, right] = [Math.max(0, Math.floor(x - radius - 1)), Math.min(width - 1, Math.ceil(x + radius))];
  const [top, bottom] = [Math.max(0, Math.floor(y - radius - 1)), Math.min(height - 1, Math.ceil(y + radius))];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
      const cover = Math.min(1, radius + 0.5 - Math.sqrt(dx * dx + dy * dy));
      if (cover <= 0) continue;
      const at = 3 * (row * width + column);
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(data[at + c]! + cover * (rgb[c]! - data[at + c]!));
    }
  }
}
