import type { Camera, Geom } from './scene.ts';

/** Nearest distance that is drawn, m. */
export const NEAR = 0.01;
/** Half-size of a plane without end, m. */
const ENDLESS = 100;

/** What all vertices of a picture share. */
export type View = {
  /** Samples along a side. */
  readonly side: number;
  /** Samples per unit of tangent. */
  readonly focal: number;
  /** Of half the field of view. */
  readonly sine: number;
  readonly cosine: number;
  readonly camera: Camera;
  /** `[3, 4]`: from the axes of the geom last related to right, up and depth. */
  readonly place: Float64Array;
};

export function viewOf(camera: Camera, side: number): View {
  const { fovy } = camera;
  if (!(fovy > 0 && fovy < 180)) throw new RangeError(`fovy must be in 0..180 deg, got ${fovy}`);
  const half = (fovy * Math.PI) / 360;
  const [sine, cosine] = [Math.sin(half), Math.cos(half)];
  return { side, focal: side / 2 / Math.tan(half), sine, cosine, camera, place: new Float64Array(12) };
}

/** Sets the view's place by where a geom is and how it is turned. */
export function relate({ camera, place }: View, { position, rotation: g }: Geom): void {
  const { position: eye, rotation: r } = camera;
  const x = position[0]! - eye[0]!;
  const y = position[1]! - eye[1]!;
  const z = position[2]! - eye[2]!;
  for (let axis = 0; axis < 3; axis++) {
    const sign = axis === 2 ? -1 : 1; // it looks along -z
    const a = sign * r[axis]!;
    const b = sign * r[3 + axis]!;
    const c = sign * r[6 + axis]!;
    const to = 4 * axis;
    place[to] = a * g[0]! + b * g[3]! + c * g[6]!;
    place[to + 1] = a * g[1]! + b * g[4]! + c * g[7]!;
    place[to + 2] = a * g[2]! + b * g[5]! + c * g[8]!;
    place[to + 3] = a * x + b * y + c * z;
  }
}

/** Is a sphere round the geom last related outside of what the camera sees? */
export function outside({ place, sine, cosine }: View, reach: number): boolean {
  const depth = place[11]!;
  const aside = Math.max(Math.abs(place[3]!), Math.abs(place[7]!));
  return depth + reach < NEAR || aside * cosine - depth * sine > reach;
}

/** Half-sizes along the axes, how far a capsule's ends are from its middle, and how far all of it is at most. */
export type Extent = {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly stretch: number;
  readonly reach: number;
};

export function extentOf({ shape, size }: Geom, reachOfMesh: number): Extent {
  const [a, b, c] = [size[0]!, size[1]!, size[2]!];
  if (shape === 'sphere') return { x: a, y: a, z: a, stretch: 0, reach: a };
  if (shape === 'capsule') return { x: a, y: a, z: a, stretch: b, reach: a + b };
  if (shape === 'ellipsoid') return { x: a, y: b, z: c, stretch: 0, reach: Math.max(a, b, c) };
  if (shape === 'mesh') return { x: 1, y: 1, z: 1, stretch: 0, reach: reachOfMesh };
  const [x, y, z] = shape === 'box' ? [a, b, c] : shape === 'plane' ? [a || ENDLESS, b || ENDLESS, 1] : [a, a, b];
  const height = shape === 'plane' ? 0 : z;
  return { x, y, z, stretch: 0, reach: Math.sqrt(x * x + y * y + height * height) };
}
