import { type Mesh, meshOf, reachOf } from './meshes.ts';
import type { Camera, Geom, Light } from './scene.ts';
import type { ShadowMap } from './shade.ts';
import { columns, type Prepared, prepare, RECORD, WIDE } from './triangles.ts';
import { reserve, type Vertices } from './vertices.ts';
import { type Extent, extentOf } from './view.ts';

/** The map covers a length that grows by this factor at a time, so that it stays as it is when things move a little. */
const GROWTH = 1.25;
const SMALLEST = 1 / 64;

/** `[3, 4]`: from the world to column, row and height. */
type Sight = Float64Array;

/** Draws what the light sees. Planes and what is not opaque shade nothing. */
export function castShadows(
  geoms: readonly Geom[],
  light: Light,
  { position: eye, rotation: r }: Camera,
  heights: Float64Array,
  size: number,
  vertices: Vertices,
  prepared: Prepared,
): ShadowMap {
  heights.fill(Number.NEGATIVE_INFINITY);
  const casters = geoms.filter(({ shape, rgba }) => shape !== 'plane' && rgba[3]! >= 1);
  const { sight, cell } = sightOf(casters, light, size);
  for (const geom of casters) {
    const extent = extentOf(geom, reachOf(geom));
    const mesh = meshOf(geom, extent.reach / cell);
    reserve(vertices, mesh);
    flatten(sight, geom, extent, mesh, vertices);
    // Rows go the other way than on a screen: what would face the viewer there faces away from the light.
    prepare(prepared, size, vertices, mesh.indices, mesh.indices.length, NOTHING_ELSE);
    raise(heights, size, prepared);
  }
  const fromView = new Float64Array(12);
  for (let k = 0; k < 12; k += 4) {
    const [a, b, c] = [sight[k]!, sight[k + 1]!, sight[k + 2]!];
    for (let axis = 0; axis < 3; axis++) {
      fromView[k + axis] = (axis === 2 ? -1 : 1) * (a * r[axis]! + b * r[3 + axis]! + c * r[6 + axis]!);
    }
    fromView[k + 3] = a * eye[0]! + b * eye[1]! + c * eye[2]! + sight[k + 3]!;
  }
  return { size, heights, cell, fromView };
}

const NOTHING_ELSE = { light: false, sun: false, cells: false };

/** The smallest map that holds all casters: only what is behind them, seen from the light, is shaded. */
function sightOf(casters: readonly Geom[], { direction: d }: Light, size: number): { sight: Sight; cell: number } {
  const length = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  const z = [d[0] / length, d[1] / length, d[2] / length] as const;
  // Any two axes across will do: the first lies level, or along x under a light from straight above.
  const level = Math.sqrt(z[0] * z[0] + z[1] * z[1]);
  const x = level > 1e-6 ? ([-z[1] / level, z[0] / level, 0] as const) : ([1, 0, 0] as const);
  const y = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]] as const;
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const geom of casters) {
    const { reach } = extentOf(geom, reachOf(geom));
    const p = geom.position;
    for (const [i, axis] of [x, y].entries()) {
      const at = axis[0] * p[0]! + axis[1] * p[1]! + axis[2] * p[2]!;
      low[i] = Math.min(low[i]!, at - reach);
      high[i] = Math.max(high[i]!, at + reach);
    }
  }
  let span = SMALLEST;
  while (span < high[0]! - low[0]! || span < high[1]! - low[1]!) span *= GROWTH;
  const cell = span / (size - 4); // some are left round the edge
  const sight = new Float64Array(12);
  for (const [i, axis] of [x, y].entries()) {
    const start = Math.floor(((low[i]! + high[i]! - span) * 0.5) / cell) - 2; // whole cells: the grid stands still
    sight.set([axis[0] / cell, axis[1] / cell, axis[2] / cell, casters.length > 0 ? -start : 0], 4 * i);
  }
  sight.set(z, 8);
  return { sight, cell };
}

/** A geom's vertices on the map: column, row, height. */
function flatten(sight: Sight, { position: p, rotation: g }: Geom, extent: Extent, mesh: Mesh, into: Vertices): void {
  const { x: sx, y: sy, z: sz, stretch } = extent;
  const { positions, ends, vertexCount } = mesh;
  const { screen } = into;
  into.count = vertexCount;
  for (let axis = 0; axis < 3; axis++) {
    const k = 4 * axis;
    const [a, b, c] = [sight[k]!, sight[k + 1]!, sight[k + 2]!];
    const mx = (a * g[0]! + b * g[3]! + c * g[6]!) * sx;
    const my = (a * g[1]! + b * g[4]! + c * g[7]!) * sy;
    const mz = a * g[2]! + b * g[5]! + c * g[8]!;
    const o = a * p[0]! + b * p[1]! + c * p[2]! + sight[k + 3]!;
    for (let i = 0, j = 0; i < vertexCount; i++, j += 3) {
      const z = positions[j + 2]! * sz + ends[i]! * stretch;
      screen[j + axis] = o + mx * positions[j]! + my * positions[j + 1]! + mz * z;
    }
  }
}

/** Keeps the highest. */
function raise(heights: Float64Array, side: number, { count, numbers: n }: Prepared): void {
  for (let t = 0; t < count * RECORD; t += RECORD) {
    const rows = n[t + 1]! - n[t]!;
    for (let down = 0; down <= rows; down++) {
      const span = columns(n, t, down);
      if (span < 0) continue;
      const first = (span / WIDE) | 0;
      let at = ((n[t]! + down) * side + n[t + 2]! + first) | 0;
      let height = n[t + 16]! + down * n[t + 18]! + first * n[t + 17]!;
      for (let left = (span % WIDE) - first; left >= 0; left--, at++, height += n[t + 17]!) {
        if (height > heights[at]!) heights[at] = height;
      }
    }
  }
}
