import type { Triangles } from '../rasteriser/scene.ts';
import type { MjModel } from './bindings.ts';

/** A mesh of the model as triangles, once for all geoms that show it. A vertex is a place with a normal: corners have several. */
export function meshOf(model: MjModel, index: number, known: Map<number, Triangles>): Triangles {
  const made = known.get(index) ?? trianglesOf(model, index);
  known.set(index, made);
  return made;
}

function trianglesOf(model: MjModel, index: number): Triangles {
  const { mesh_vert: places, mesh_normal: normals, mesh_face: faces, mesh_facenormal: faceNormals } = model;
  const firstPlace = model.mesh_vertadr[index]!;
  const firstNormal = model.mesh_normaladr[index]!;
  const from = 3 * model.mesh_faceadr[index]!;
  const to = from + 3 * model.mesh_facenum[index]!;
  const found = new Map<string, number>();
  const [outPlaces, outNormals, indices]: [number[], number[], number[]] = [[], [], []];
  for (let i = from; i < to; i++) {
    const [place, normal] = [3 * (firstPlace + faces[i]!), 3 * (firstNormal + faceNormals[i]!)];
    const key = `${place} ${normal}`;
    const vertex = found.get(key) ?? found.size;
    indices.push(vertex);
    if (found.has(key)) continue;
    found.set(key, vertex);
    outPlaces.push(...places.subarray(place, place + 3));
    outNormals.push(...normals.subarray(normal, normal + 3));
  }
  return {
    positions: new Float32Array(outPlaces),
    normals: new Float32Array(outNormals),
    indices: new Uint32Array(indices),
  };
}
