import type { Frame } from '../../src/drivers/driver.ts';

const BITS = 16;

/**
 * The number a picture of the rig's robot carries: 16 black or white blocks along the top, least significant bit first.
 * It survives JPEG and being resized, but not being cropped.
 */
export function frameNumber({ width, data }: Frame): number {
  const block = width / BITS;
  const row = Math.floor(block / 2);
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const column = Math.floor((bit + 0.5) * block);
    if (data[3 * (row * width + column)]! >= 128) number |= 1 << bit;
  }
  return number;
}
