import type { Mesh } from './meshes.ts';
import type { Geom, Scene } from './scene.ts';
import { type Extent, NEAR, type View } from './view.ts';

/** The vertices of one geom on their way to the screen; room for those that clipping adds. */
export type Vertices = {
  count: number;
  /** `[n, 3]`: right, up, depth along the view, m. */
  view: Float64Array;
  /** `[n, 3]`: column, row, 1 / depth. */
  screen: Float64Array;
  /** `[n]`: from everywhere and from all lights; but with shadows without the first light's, which is in `sun`. */
  light: Float64Array;
  sun: Float64Array;
  /** `[n, 2]`: place on a checkered plane, in cells. */
  cells: Float64Array;
};

const roomFor = (capacity: number) => ({
  view: new Float64Array(3 * capacity),
  screen: new Float64Array(3 * capacity),
  light: new Float64Array(capacity),
  sun: new Float64Array(capacity),
  cells: new Float64Array(2 * capacity),
});

export const createVertices = (): Vertices => ({ count: 0, ...roomFor(2048) });

/** Makes room for a mesh, and for what cutting all of its triangles may add. */
export function reserve(vertices: Vertices, { vertexCount, indices }: Mesh): void {
  const needed = vertexCount + (2 * indices.length) / 3;
  if (needed > vertices.light.length) Object.assign(vertices, roomFor(2 * needed));
}

/** The vertices of the geom the view was related to. Tells whether they lie 'before' the near plane, 'across' it, or all 'behind'. */
export function project(view: View, { x: sx, y: sy, z: sz, stretch }: Extent, mesh: Mesh, into: Vertices) {
  const { focal, place: m } = view;
  const [m0, m1, m2, ox] = [m[0]! * sx, m[1]! * sy, m[2]!, m[3]!];
  const [m4, m5, m6, oy] = [m[4]! * sx, m[5]! * sy, m[6]!, m[7]!];
  const [m8, m9, m10, oz] = [m[8]! * sx, m[9]! * sy, m[10]!, m[11]!];
  const middle = view.side / 2;
  const { positions, ends, vertexCount } = mesh;
  const { view: out, screen } = into;
  into.count = vertexCount;
  let behind = 0;
  for (let i = 0, j = 0; i < vertexCount; i++, j += 3) {
    const x = positions[j]!;
    const y = positions[j + 1]!;
    const z = positions[j + 2]! * sz + ends[i]! * stretch;
    const right = ox + m0 * x + m1 * y + m2 * z;
    const up = oy + m4 * x + m5 * y + m6 * z;
    const depth = oz + m8 * x + m9 * y + m10 * z;
    out[j] = right;
    out[j + 1] = up;
    out[j + 2] = depth;
    if (depth < NEAR) behind++;
    const inverse = 1 / depth;
    screen[j] = middle + focal * right * inverse;
    screen[j + 1] = middle - focal * up * inverse;
    screen[j + 2] = inverse;
  }
  if (behind === 0) return 'before';
  return behind < vertexCount ? 'across' : 'behind';
}

/** How a scene is lit: `suns` are its lights in a geom's axes `[count, 3]`, as long as they are strong. */
export type Lighting = {
  readonly ambient: number;
  readonly lights: Scene['lights'];
  readonly suns: Float64Array;
  /** Is the first light's part kept apart, since it may be shaded? */
  readonly apart: boolean;
};

/** Lights the vertices by Lambert's law. */
export function illuminate(lighting: Lighting, geom: Geom, { x, y, z }: Extent, mesh: Mesh, into: Vertices): void {
  const { ambient, lights, suns, apart } = lighting;
  meet(lights, geom, suns);
  const even = x === y && y === z; // then the normals stay as long as they are
  const [kx, ky, kz] = even ? [1, 1, 1] : [1 / x, 1 / y, 1 / z];
  const { normals, vertexCount } = mesh;
  const { light, sun } = into;
  const first = apart ? 3 : 0;
  const end = 3 * lights.length;
  for (let i = 0, j = 0; i < vertexCount; i++, j += 3) {
    const nx = normals[j]! * kx;
    const ny = normals[j + 1]! * ky;
    const nz = normals[j + 2]! * kz;
    const shorter = even ? 1 : 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    let sum = 0;
    for (let k = first; k < end; k += 3) {
      const facing = nx * suns[k]! + ny * suns[k + 1]! + nz * suns[k + 2]!;
      if (facing > 0) sum += facing;
    }
    light[i] = ambient + sum * shorter;
    if (!apart) continue;
    const facing = nx * suns[0]! + ny * suns[1]! + nz * suns[2]!;
    sun[i] = facing > 0 ? facing * shorter : 0;
  }
}

function meet(lights: Scene['lights'], { rotation: r }: Geom, suns: Float64Array): void {
  let to = 0;
  for (const { direction: d, strength } of lights) {
    const k = strength / Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    for (let i = 0; i < 3; i++) suns[to++] = (r[i]! * d[0] + r[3 + i]! * d[1] + r[6 + i]! * d[2]) * k;
  }
}

/** Where the vertices are on a checkered plane. */
export function chequer(cell: number, { x, y }: Extent, { positions, vertexCount }: Mesh, { cells }: Vertices): void {
  for (let i = 0; i < vertexCount; i++) {
    cells[2 * i] = (positions[3 * i]! * x) / cell;
    cells[2 * i + 1] = (positions[3 * i + 1]! * y) / cell;
  }
}
