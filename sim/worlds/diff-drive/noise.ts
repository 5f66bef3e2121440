import type { Frame } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';

/** A frame with normal noise on every byte, of this standard deviation in grey levels. */
export function noisy({ width, height, data }: Frame, deviation: number, random: Random): Frame {
  const noise = random.normals(data.length);
  const spoilt = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) spoilt[i] = data[i]! + deviation * noise[i]!;
  return { width, height, data: new Uint8Array(spoilt.buffer) };
}
