import type { Random } from '../random.ts';

/** How far colours may be shifted, grey levels, and how much of each channel may come into another, standard deviation. */
const [SHIFT, MIX] = [80, 0.6];

/**
 * A picture `[size, 3]` bytes under another light and with other paint, in place: every colour becomes another one, the same colour the
 * same everywhere, so that things keep their shapes. `most` is how far it may go: 0 changes nothing, 1 mixes the channels at random.
 */
export function recolour(pixels: Uint8Array, most: number, draw: Random): void {
  const share = most * draw.uniform();
  const mix = Array.from({ length: 3 }, (_, c) =>
    Array.from({ length: 3 }, (_, k) => (1 - share) * (c === k ? 1 : 0) + share * draw.normal() * MIX),
  );
  const shift = mix.map(() => share * SHIFT * (2 * draw.uniform() - 1));
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [pixels[i]! - 128, pixels[i + 1]! - 128, pixels[i + 2]! - 128];
    for (let c = 0; c < 3; c++) {
      const value = 128.5 + shift[c]! + mix[c]![0]! * r + mix[c]![1]! * g + mix[c]![2]! * b;
      pixels[i + c] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}
