import type { Rgb } from './scene.ts';

/** What is drawn into: `side` x `side` samples. */
export type Canvas = {
  readonly side: number;
  /** `[side, side]`: red, green and blue from the lowest byte on. */
  readonly colour: Uint32Array;
  /** `[side, side]`: 1 / depth, 0 where nothing is. It is linear on the screen, so perspective is exact. */
  readonly nearness: Float64Array;
};

export const createCanvas = (side: number): Canvas => ({
  side,
  colour: new Uint32Array(side * side),
  nearness: new Float64Array(side * side),
});

export function clear({ colour, nearness }: Canvas, background: Rgb): void {
  nearness.fill(0);
  const [red, green, blue] = background.map((value) => (255 * Math.min(1, Math.max(0, value)) + 0.5) | 0);
  colour.fill(red! | (green! << 8) | (blue! << 16));
}

/** The mean of each pixel's `samples` x `samples`, rounded: `[size, size, 3]`. */
export function means({ colour, side }: Canvas, samples: number): Uint8Array {
  const size = side / samples;
  const picture = new Uint8Array(3 * size * size);
  if (samples === 1) {
    for (let from = 0, to = 0; from < colour.length; from++) {
      const value = colour[from]!;
      picture[to++] = value;
      picture[to++] = value >> 8;
      picture[to++] = value >> 16;
    }
  } else if (samples === 2) meansOfFour(colour, side, picture);
  else meansOfMany(colour, side, samples, picture);
  return picture;
}

/** Red and blue are summed in one number, far enough apart. */
function meansOfFour(colour: Uint32Array, side: number, picture: Uint8Array): void {
  for (let upper = 0, to = 0; upper < colour.length; upper += 2 * side) {
    const lower = upper + side;
    for (let x = 0; x < side; x += 2) {
      const a = colour[upper + x]!;
      const b = colour[upper + x + 1]!;
      const c = colour[lower + x]!;
      const d = colour[lower + x + 1]!;
      const outer = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x020002;
      const green = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x0200;
      picture[to++] = outer >> 2;
      picture[to++] = green >> 10;
      picture[to++] = outer >> 18;
    }
  }
}

function meansOfMany(colour: Uint32Array, side: number, samples: number, picture: Uint8Array): void {
  const share = 1 / (samples * samples);
  for (let y = 0, to = 0; y < side; y += samples) {
    for (let x = 0; x < side; x += samples) {
      let [red, green, blue] = [0, 0, 0];
      for (let j = 0; j < samples; j++) {
        let from = (y + j) * side + x;
        for (let i = 0; i < samples; i++) {
          const value = colour[from++]!;
          red += value & 255;
          green += (value >> 8) & 255;
          blue += value >> 16;
        }
      }
      picture[to++] = red * share + 0.5;
      picture[to++] = green * share + 0.5;
      picture[to++] = blue * share + 0.5;
    }
  }
}
