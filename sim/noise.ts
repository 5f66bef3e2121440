import type { Frame } from '../src/drivers/driver.ts';
import { seeded } from '../src/random.ts';

/**
 * A frame with normal noise on every byte, of this standard deviation in grey levels. It is drawn from the state that the
 * picture shows, and from the name of what sees it, so that a picture stays a function of its state.
 */
export function noisy({ width, height, data }: Frame, deviation: number, state: readonly number[], eye: string): Frame {
  const noise = seeded(hashOf(state)).fork(`${eye}/${width}`).normals(data.length);
  const spoilt = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) spoilt[i] = data[i]! + deviation * noise[i]!;
  return { width, height, data: new Uint8Array(spoilt.buffer) };
}

/** FNV-1a over the numbers' bytes, 32 bits. */
function hashOf(numbers: readonly number[]): number {
  let value = 0x811c9dc5;
  for (const byte of new Uint8Array(Float64Array.from(numbers).buffer)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
