import type { Frame } from '../../src/drivers/driver.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/**
 * A square picture of a flat world, drawn by signed distances: an edge is blended over one pixel. World coordinates, x
 * right, y down; colours in bytes. Every shape visits its own box of pixels only.
 */
export interface FlatCanvas {
  /** `[size, size, 3]`, bytes with fractions. */
  readonly pixels: Float32Array;
  /** A rectangle turned by `[cos, sin]` about a place; `outline` > 0 draws only its edge, so wide to both sides. */
  rectangle(shape: Turned, colour: Colour, outline?: number): void;
  disc(x: number, y: number, radius: number, colour: Colour): void;
  /** The picture as it is, rounded; its bytes are its own. */
  frame(): Frame;
}

/** Half-sizes, and where the middle is: at `middle` in a frame that is turned and moved. */
export type Turned = {
  readonly origin: readonly [x: number, y: number];
  readonly cosine: number;
  readonly sine: number;
  readonly middle: readonly [x: number, y: number];
  readonly halfX: number;
  readonly halfY: number;
};

/** A canvas of `size` pixels that shows `side` units of the world. Throws `RangeError` for an impossible size. */
export function flatCanvas(size: number, side: number): FlatCanvas {
  if (!Number.isInteger(size) || size < 16 || size > 1024) {
    throw new RangeError(`size must be a whole number of pixels in 16..1024, got ${size}`);
  }
  const pixels = new Float32Array(3 * size * size);
  const perPixel = side / size;
  const first = (value: number) => Math.max(0, Math.floor(value / perPixel - 0.5));
  const last = (value: number) => Math.min(size - 1, Math.ceil(value / perPixel - 0.5));
  return {
    pixels,
    rectangle: ({ origin, cosine: c, sine: s, middle, halfX, halfY }, [red, green, blue], outline = 0) => {
      const [mx, my] = [origin[0] + c * middle[0] - s * middle[1], origin[1] + s * middle[0] + c * middle[1]];
      const margin = outline + perPixel;
      const reachX = Math.abs(c) * halfX + Math.abs(s) * halfY + margin;
      const reachY = Math.abs(s) * halfX + Math.abs(c) * halfY + margin;
      const [left, right, bottom] = [first(mx - reachX), last(mx + reachX), last(my + reachY)];
      for (let row = first(my - reachY); row <= bottom; row++) {
        const y = (row + 0.5) * perPixel - my;
        for (let column = left; column <= right; column++) {
          const x = (column + 0.5) * perPixel - mx;
          const dx = Math.abs(c * x + s * y) - halfX;
          const dy = Math.abs(c * y - s * x) - halfY;
          let distance = dx > 0 && dy > 0 ? Math.sqrt(dx * dx + dy * dy) : Math.max(dx, dy);
          if (outline > 0) distance = Math.abs(distance) - outline;
          const cover = Math.min(1, 0.5 - distance / perPixel);
          if (cover <= 0) continue;
          const at = 3 * (row * size + column);
          pixels[at] = pixels[at]! + (red - pixels[at]!) * cover;
          pixels[at + 1] = pixels[at + 1]! + (green - pixels[at + 1]!) * cover;
          pixels[at + 2] = pixels[at + 2]! + (blue - pixels[at + 2]!) * cover;
        }
      }
    },
    disc: (mx, my, radius, [red, green, blue]) => {
      const reach = radius + perPixel;
      const [left, right, bottom] = [first(mx - reach), last(mx + reach), last(my + reach)];
      for (let row = first(my - reach); row <= bottom; row++) {
        const y = (row + 0.5) * perPixel - my;
        for (let column = left; column <= right; column++) {
          const x = (column + 0.5) * perPixel - mx;
          const cover = Math.min(1, 0.5 - (Math.sqrt(x * x + y * y) - radius) / perPixel);
          if (cover <= 0) continue;
          const at = 3 * (row * size + column);
          pixels[at] = pixels[at]! + (red - pixels[at]!) * cover;
          pixels[at + 1] = pixels[at + 1]! + (green - pixels[at + 1]!) * cover;
          pixels[at + 2] = pixels[at + 2]! + (blue - pixels[at + 2]!) * cover;
        }
      }
    },
    frame: () => {
      const data = new Uint8Array(pixels.length);
      for (let i = 0; i < data.length; i++) data[i] = pixels[i]! + 0.5;
      return { width: size, height: size, data };
    },
  };
}
