import { clip } from './clip.ts';
import { meshOf, reachOf } from './meshes.ts';
import type { Geom } from './scene.ts';
import { createPrepared, type Prepared, prepare } from './triangles.ts';
import { chequer, createVertices, illuminate, type Lighting, project, reserve, type Vertices } from './vertices.ts';
import { extentOf, outside, relate, type View } from './view.ts';

/** Room for one geom on its way to the screen. */
export type Stage = { readonly vertices: Vertices; readonly prepared: Prepared; cut: Uint32Array };

export const createStage = (): Stage => ({
  vertices: createVertices(),
  prepared: createPrepared(),
  cut: new Uint32Array(4096),
});

/** Brings a geom's triangles to the screen, ready to be filled, in light if there is any. Tells whether any are to be seen. */
export function present(stage: Stage, view: View, geom: Geom, lighting?: Lighting): boolean {
  const { vertices, prepared } = stage;
  const extent = extentOf(geom, reachOf(geom));
  relate(view, geom);
  if (outside(view, extent.reach)) return false;
  const mesh = meshOf(geom, roundness(view, extent));
  reserve(vertices, mesh);
  const where = project(view, extent, mesh, vertices);
  if (where === 'behind') return false;
  if (lighting) illuminate(lighting, geom, extent, mesh, vertices);
  const checker = lighting && geom.shape === 'plane' ? geom.checker : undefined;
  if (checker) chequer(checker.cell, extent, mesh, vertices);
  let { indices } = mesh;
  let count = indices.length;
  if (where === 'across') {
    if (stage.cut.length < 2 * count) stage.cut = new Uint32Array(2 * count);
    count = clip(view, vertices, indices, stage.cut);
    indices = stage.cut;
  }
  const wanted = { light: lighting !== undefined, sun: lighting?.apart ?? false, cells: checker !== undefined };
  prepare(prepared, view.side, vertices, indices, count, wanted);
  return prepared.count > 0;
}

/** The radius of a round thing in samples, where it is nearest. */
function roundness({ focal, place }: View, { x, y, reach }: { x: number; y: number; reach: number }): number {
  const nearest = place[11]! - reach;
  return nearest > 0 ? (focal * Math.max(x, y)) / nearest : Number.POSITIVE_INFINITY;
}
