import type { Mesh } from './meshes.ts';
import type { Camera, Geom, Light, Vector } from './scene.ts';

/** Nearest distance that is drawn, m. */
export const NEAR = 0.01;
/** Half-size of a plane without end, m. */
const ENDLESS = 100;

/** The vertices of one geom on their way to the screen; room for those that clipping adds. */
export type Vertices = {
  count: number;
  /** `[n, 3]`: right, up, depth along the view, m. */
  readonly view: Float64Array;
  /** `[n, 3]`: column, row, 1 / depth. */
  readonly screen: Float64Array;
  /** `[n]`. */
  readonly light: Float64Array;
  /** `[n, 2]`: place on a checkered plane, in cells. */
  readonly cells: Float64Array;
};

export const createVertices = (capacity = 2048): Vertices => ({
  count: 0,
  view: new Float64Array(3 * capacity),
  screen: new Float64Array(3 * capacity),
  light: new Float64Array(capacity),
  cells: new Float64Array(2 * capacity),
});

/** What all vertices of a picture share. */
export type View = {
  readonly camera: Camera;
  /** Samples along a side. */
  readonly side: number;
  /** Samples per unit of tangent. */
  readonly focal: number;
  /** Of half the field of view. */
  readonly sine: number;
  readonly cosine: number;
};

export function viewOf(camera: Camera, side: number): View {
  if (!(camera.fovy > 0 && camera.fovy < 180)) throw new RangeError(`fovy must be in 0..180 deg, got ${camera.fovy}`);
  const half = (camera.fovy * Math.PI) / 360;
  return { camera, side, focal: side / 2 / Math.tan(half), sine: Math.sin(half), cosine: Math.cos(half) };
}

/** Half-sizes along the axes, and how far a capsule's ends are from its middle. */
function extentOf({ shape, size }: Geom): { scale: readonly [number, number, number]; stretch: number } {
  const [a, b, c] = [size[0]!, size[1]!, size[2]!];
  if (shape === 'mesh') return { scale: [1, 1, 1], stretch: 0 };
  if (shape === 'box' || shape === 'ellipsoid') return { scale: [a, b, c], stretch: 0 };
  if (shape === 'plane') return { scale: [a || ENDLESS, b || ENDLESS, 1], stretch: 0 };
  if (shape === 'cylinder') return { scale: [a, a, b], stretch: 0 };
  return { scale: [a, a, a], stretch: shape === 'capsule' ? b : 0 };
}

/** A point of the world as the camera sees it: right, up, depth. */
function seen({ position: eye, rotation: r }: Camera, point: Vector): readonly [number, number, number] {
  const [x, y, z] = [point[0]! - eye[0]!, point[1]! - eye[1]!, point[2]! - eye[2]!];
  return [r[0]! * x + r[3]! * y + r[6]! * z, r[1]! * x + r[4]! * y + r[7]! * z, -(r[2]! * x + r[5]! * y + r[8]! * z)];
}

/** `a` transposed times `b`: `b`'s axes seen from `a`. */
function relative(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const out: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      out.push(a[row]! * b[column]! + a[3 + row]! * b[3 + column]! + a[6 + row]! * b[6 + column]!);
    }
  }
  return out;
}

/** Is the sphere around a geom outside of what the camera sees? */
function hidden({ camera, sine, cosine }: View, geom: Geom): boolean {
  if (geom.shape === 'mesh') return false;
  const { scale, stretch } = extentOf(geom);
  const [x, y, depth] = seen(camera, geom.position);
  const [sx, sy, sz] = geom.shape === 'sphere' ? [scale[0], 0, 0] : scale;
  const radius = Math.sqrt(sx * sx + sy * sy + sz * sz) + stretch;
  const aside = Math.max(Math.abs(x), Math.abs(y));
  return depth + radius < NEAR || aside * cosine - depth * sine > radius;
}

/**
 * Fills `into` with a geom's vertices. Tells where they lie: all 'before' the near plane, 'across' it, or none to be seen
 * ('outside': nothing was filled).
 */
export function transform(
  view: View,
  geom: Geom,
  mesh: Mesh,
  lights: readonly Light[],
  into: Vertices,
): 'before' | 'across' | 'outside' {
  if (hidden(view, geom)) return 'outside';
  const { side, focal } = view;
  const { scale, stretch } = extentOf(geom);
  const [sx, sy, sz] = scale;
  const [ox, oy, oz] = seen(view.camera, geom.position);
  const m = relative(view.camera.rotation, geom.rotation);
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const suns = lights.map(({ direction: d, strength }) => {
    const k = strength / Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    const r = geom.rotation; // the light, seen from the geom
    return [0, 1, 2].map((i) => (r[i]! * d[0] + r[3 + i]! * d[1] + r[6 + i]! * d[2]) * k) as [number, number, number];
  });
  const perCell = 1 / (geom.checker?.cell ?? 1);
  const { positions, normals, ends, vertexCount } = mesh;
  const { view: out, screen, light, cells } = into;
  into.count = vertexCount;
  let behind = 0;
  for (let i = 0, j = 0; i < vertexCount; i++, j += 3) {
    const x = positions[j]! * sx;
    const y = positions[j + 1]! * sy;
    const z = positions[j + 2]! * sz + ends[i]! * stretch;
    const right = ox + m0 * x + m1 * y + m2 * z;
    const up = oy + m3 * x + m4 * y + m5 * z;
    const depth = oz - (m6 * x + m7 * y + m8 * z);
    out[j] = right;
    out[j + 1] = up;
    out[j + 2] = depth;
    if (depth < NEAR) behind++;
    const inverse = 1 / depth;
    screen[j] = side / 2 + focal * right * inverse;
    screen[j + 1] = side / 2 - focal * up * inverse;
    screen[j + 2] = inverse;
    cells[2 * i] = x * perCell;
    cells[2 * i + 1] = y * perCell;

    const nx = normals[j]! / sx;
    const ny = normals[j + 1]! / sy;
    const nz = normals[j + 2]! / sz;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    let sum = 0;
    for (const [lx, ly, lz] of suns) {
      const facing = nx * lx + ny * ly + nz * lz;
      if (facing > 0) sum += facing;
    }
    light[i] = sum / length;
  }
  if (behind === 0) return 'before';
  return behind < vertexCount ? 'across' : 'outside';
}
