import { rasteriser } from '../../../sim/rasteriser/rasteriser.ts';
import type { Camera, Geom, Scene } from '../../../sim/rasteriser/scene.ts';
import type { Frame } from '../../../src/drivers/driver.ts';

export const UPRIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];
export const RED = [1, 0, 0, 1];
export const GREEN = [0, 1, 0, 1];
/** At the origin, along +x, z up, 90 degrees wide. */
export const ahead: Camera = { position: [0, 0, 0], rotation: [0, 0, -1, -1, 0, 0, 0, 1, 0], fovy: 90 };
/** Looks down from 4 m, x to the right, y up: 8 m are seen. */
export const down: Camera = { position: [0, 0, 4], rotation: UPRIGHT, fovy: 90 };
/** Everything has its own colour, on blue. */
export const lit = { background: [0, 0, 1], ambient: 1, lights: [] } as const;

export const geom = (
  shape: Geom['shape'],
  size: number[],
  position: number[],
  rgba: readonly number[] = RED,
  rotation: readonly number[] = UPRIGHT,
): Geom => ({ shape, size, rgba, position, rotation });

export const draw = (
  geoms: readonly Geom[],
  { samples = 1, size = 64, scene = {} as Partial<Scene>, camera = ahead } = {},
): Frame => rasteriser({ size, samples })({ ...lit, geoms, ...scene }, camera);

export const pixel = ({ width, data }: Frame, column: number, row: number) => [
  ...data.subarray(3 * (row * width + column), 3 * (row * width + column) + 3),
];

/** How many pixels have this colour. */
export const area = ({ data }: Frame, rgb: readonly number[]) => {
  let count = 0;
  for (let i = 0; i < data.length; i += 3) if (rgb.every((value, c) => data[i + c] === value)) count++;
  return count;
};

/** Turned by an angle about x, then by another about z. */
export const turned = (x: number, z: number) => {
  const [cx, sx, cz, sz] = [Math.cos(x), Math.sin(x), Math.cos(z), Math.sin(z)];
  return [cz, -sz * cx, sz * sx, sz, cz * cx, -cz * sx, 0, sx, cx];
};
