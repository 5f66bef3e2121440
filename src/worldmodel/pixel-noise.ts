import type { Random } from '../random.ts';

/** Numbers drawn once, then read from anywhere: as good as fresh ones, and quick enough for every pixel of every step. */
const BANK = 1 << 20;
/** Share of the clips that stay as they are. */
const CLEAN = 0.5;

/**
 * Noise on the pictures of half of the clips, as strong as a camera may have it: standard deviation uniform up to `most` grey
 * levels, one per clip. Latents that are learnt with it do not follow it.
 */
export function pixelNoise(random: Random, most: number) {
  const bank = random.normals(BANK);
  /** Changes `[C * N, h, w, 3]` bytes, time-major, in place. */
  return (
    pixels: Uint8Array,
    { clip, batch }: { readonly clip: number; readonly batch: number },
    draw: Random,
  ): void => {
    const size = pixels.length / (clip * batch);
    for (let n = 0; n < batch; n++) {
      const strength = draw.uniform() < CLEAN ? 0 : most * draw.uniform();
      for (let t = 0; t < clip && strength > 0; t++) {
        const at = (t * batch + n) * size;
        let from = draw.integer(BANK);
        for (let i = at; i < at + size; i++, from = (from + 1) % BANK) {
          const value = pixels[i]! + strength * bank[from]! + 0.5;
          pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value;
        }
      }
    }
  };
}
