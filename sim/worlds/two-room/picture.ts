import type { Frame } from '../../../src/drivers/driver.ts';
import { BORDER, type Colour, type Layout, type Point, SIZE, WALL } from './layout.ts';
import { wallHalf } from './rules.ts';

/** Where a blob's weight is below this, 32-bit arithmetic (the original's) no longer sees it. */
const UNSEEN = 3e-8;
/** Blobs reach this many standard deviations. */
const REACH = 6;

export type Picture = (agent: Point, target: Point) => Frame;

/**
 * A painter of square pictures of `size` pixels: walls by area, blobs at their continuous place. At 224 every pixel is
 * the original's. The background is painted once.
 */
export function picture(layout: Layout, size: number): Picture {
  if (!Number.isInteger(size) || size < 16 || size > 1024) {
    throw new RangeError(`size must be a whole number of pixels in 16..1024, got ${size}`);
  }
  const background = paintBackground(layout, size);
  const { agent: agentColour, target: targetColour } = layout.colours;
  const weights = { x: new Float64Array(size), y: new Float64Array(size) };
  return (agent, target) => {
    const data = background.slice();
    if (layout.showTarget) blob(data, size, target, layout.radius, targetColour, weights);
    blob(data, size, agent, layout.radius, agentColour, weights);
    return { width: size, height: size, data };
  };
}

/** Blends a Gaussian of standard deviation `radius` over the bytes, cut off to whole levels as the original does. */
function blob(
  data: Uint8Array,
  size: number,
  [x, y]: Point,
  radius: number,
  colour: Colour,
  weights: { x: Float64Array; y: Float64Array },
): void {
  const [left, right] = profile(weights.x, size, x, radius);
  const [top, bottom] = profile(weights.y, size, y, radius);
  const [red, green, blue] = colour;
  for (let row = top; row <= bottom; row++) {
    const rowWeight = weights.y[row]!;
    for (let column = left; column <= right; column++) {
      const weight = rowWeight * weights.x[column]!;
      if (weight < UNSEEN) continue;
      const at = 3 * (row * size + column);
      const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
      data[at] = r + (red - r) * weight;
      data[at + 1] = g + (green - g) * weight;
      data[at + 2] = b + (blue - b) * weight;
    }
  }
}

/** One axis of the Gaussian at the pixels' centres, 1 at the nearest whole coordinate; first and last pixel reached. */
function profile(weights: Float64Array, size: number, centre: number, radius: number): [number, number] {
  const unit = SIZE / size;
  const off = centre - Math.min(SIZE - 1, Math.max(0, Math.round(centre)));
  const first = Math.max(0, Math.floor((centre - REACH * radius) / unit));
  const last = Math.min(size - 1, Math.ceil((centre + REACH * radius) / unit));
  for (let i = first; i <= last; i++) {
    const distance = (i + 0.5) * unit - 0.5 - centre;
    weights[i] = Math.min(1, Math.exp((off * off - distance * distance) / (2 * radius * radius)));
  }
  return [first, last];
}

function paintBackground(layout: Layout, size: number): Uint8Array {
  const shares = pixelShares(size);
  const colours = originalPixels(layout);
  const data = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sum = [0, 0, 0];
      for (const [y, shareY] of shares[row]!) {
        for (const [x, shareX] of shares[column]!) {
          const colour = colours(x, y);
          for (let c = 0; c < 3; c++) sum[c]! += colour[c]! * shareX * shareY;
        }
      }
      for (let c = 0; c < 3; c++) data[3 * (row * size + column) + c] = Math.round(sum[c]!);
    }
  }
  return data;
}

/** For each pixel of a side: the original pixels it covers, with their shares of it. */
function pixelShares(size: number): [number, number][][] {
  const unit = SIZE / size;
  return Array.from({ length: size }, (_, i) => {
    const shares: [number, number][] = [];
    for (let p = Math.floor(i * unit); p < SIZE && p < (i + 1) * unit; p++) {
      const share = (Math.min(p + 1, (i + 1) * unit) - Math.max(p, i * unit)) / unit;
      if (share > 0) shares.push([p, share]);
    }
    return shares;
  });
}

/** Colour of an original pixel without blobs. */
function originalPixels(layout: Layout): (x: number, y: number) => Colour {
  const { border, wall, door, background } = layout.colours;
  const half = wallHalf(layout);
  const onLine = (v: number) => (v >= BORDER.low && v < BORDER.inner) || (v >= BORDER.far && v < BORDER.high);
  return (x, y) => {
    if (onLine(x) || onLine(y)) return border;
    const [across, along] = layout.axis === 'vertical' ? [x, y] : [y, x];
    if (across < WALL - half || across > WALL + half) return background;
    return layout.doors.some((d) => along >= d.centre - d.half && along <= d.centre + d.half) ? door : wall;
  };
}
