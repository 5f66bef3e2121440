import type { Vertices } from './vertices.ts';
import { NEAR, type View } from './view.ts';

/**
 * Cuts triangles at the near plane: adds the vertices where edges cross it, and writes the triangles that are left (a cut
 * one becomes one or two) to `into`. Gives the number of indices written.
 */
export function clip({ side, focal }: View, vertices: Vertices, indices: Uint32Array, into: Uint32Array): number {
  const { view, screen, light, sun, cells } = vertices;
  const kept = [0, 0, 0, 0];
  let written = 0;
  for (let t = 0; t < indices.length; t += 3) {
    let corners = 0;
    for (let k = 0; k < 3; k++) {
      const a = indices[t + k]!;
      const b = indices[t + ((k + 1) % 3)]!;
      const before = view[3 * a + 2]! >= NEAR;
      if (before) kept[corners++] = a;
      if (before !== view[3 * b + 2]! >= NEAR) kept[corners++] = cross(a, b);
    }
    for (let k = 2; k < corners; k++) {
      into[written++] = kept[0]!;
      into[written++] = kept[k - 1]!;
      into[written++] = kept[k]!;
    }
  }
  return written;

  /** A new vertex where the edge crosses the near plane. Neighbours go along an edge in opposite ways and must agree. */
  function cross(one: number, other: number): number {
    const [a, b] = one < other ? [one, other] : [other, one];
    const c = vertices.count++;
    const share = (NEAR - view[3 * a + 2]!) / (view[3 * b + 2]! - view[3 * a + 2]!);
    for (let k = 0; k < 2; k++) {
      view[3 * c + k] = view[3 * a + k]! + share * (view[3 * b + k]! - view[3 * a + k]!);
      cells[2 * c + k] = cells[2 * a + k]! + share * (cells[2 * b + k]! - cells[2 * a + k]!);
    }
    view[3 * c + 2] = NEAR;
    light[c] = light[a]! + share * (light[b]! - light[a]!);
    sun[c] = sun[a]! + share * (sun[b]! - sun[a]!);
    screen[3 * c] = side / 2 + (focal * view[3 * c]!) / NEAR;
    screen[3 * c + 1] = side / 2 - (focal * view[3 * c + 1]!) / NEAR;
    screen[3 * c + 2] = 1 / NEAR;
    return c;
  }
}
