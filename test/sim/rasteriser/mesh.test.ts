import { describe, expect, it } from 'vitest';
import type { Geom, Triangles } from '../../../sim/rasteriser/scene.ts';
import { ahead, area, draw, GREEN, geom, pixel, RED, turned } from './drawing.ts';

/** A box as a mesh: a face is four corners with its normal. */
function cube(x: number, y: number, z: number): Triangles {
  const [positions, normals, indices]: [number[], number[], number[]] = [[], [], []];
  for (const axis of [0, 1, 2]) {
    for (const side of [-1, 1]) {
      const first = positions.length / 3;
      for (const [a, b] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const [corner, normal] = [
          [0, 0, 0],
          [0, 0, 0],
        ];
        corner[axis] = side;
        corner[(axis + 1) % 3] = a * side;
        corner[(axis + 2) % 3] = b;
        normal[axis] = side;
        positions.push(corner[0]! * x, corner[1]! * y, corner[2]! * z);
        normals.push(...normal);
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return {
    positions: new Float32Array(positions),
    normals: new Float32Array(normals),
    indices: new Uint32Array(indices),
  };
}

const meshed = (mesh: Triangles, position: number[], rotation?: readonly number[]): Geom => ({
  ...geom('mesh', [], position, RED, rotation),
  mesh,
});

describe('a mesh', () => {
  const scene = { ambient: 0.3, lights: [{ direction: [-1, 2, 3] as const, strength: 0.7 }] };

  it('is the same pixels as the box it describes', () => {
    for (const [position, rotation] of [
      [[4, 0.3, 0.2], turned(0.4, 0.9)],
      [[3, -1, 0], turned(2, 1)],
      [[1, 0.2, -0.9], turned(0, 0)],
    ] as const) {
      const box = draw([geom('box', [0.5, 0.25, 0.75], [...position], RED, rotation)], { scene, samples: 2 });
      const mesh = draw([meshed(cube(0.5, 0.25, 0.75), [...position], rotation)], { scene, samples: 2 });
      expect(mesh.data).toEqual(box.data);
      expect(area(box, [0, 0, 255])).toBeLessThan(64 * 64 - 100);
    }
  });

  it('may be big, near, and anything but convex', () => {
    // A ring of 96 x 48 facets round the x axis, 2 m wide, 0.5 m thick.
    const [around, across] = [96, 48];
    const [positions, normals, indices]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < around; i++) {
      for (let j = 0; j < across; j++) {
        const [a, b] = [(i / around) * 2 * Math.PI, (j / across) * 2 * Math.PI];
        const out = Math.cos(b);
        normals.push(Math.sin(b), out * Math.cos(a), out * Math.sin(a));
        positions.push(0.5 * Math.sin(b), (2 + 0.5 * out) * Math.cos(a), (2 + 0.5 * out) * Math.sin(a));
        const [i1, j1] = [((i + 1) % around) * across, (j + 1) % across];
        const [p, q, r, s] = [i * across + j, i1 + j, i1 + j1, i * across + j1];
        indices.push(p, q, r, p, r, s);
      }
    }
    const ring = {
      positions: new Float32Array(positions),
      normals: new Float32Array(normals),
      indices: new Uint32Array(indices),
    };
    const far = { ...ahead, position: [-100, 0, 0], fovy: 4 };
    const frame = draw([meshed(ring, [0, 0, 0]), geom('sphere', [0.3], [0, 0, 0], GREEN)], { camera: far, size: 256 });
    const perMetre = 128 / (100 * Math.tan(Math.PI / 90));
    const metres = area(frame, [255, 0, 0]) / perMetre ** 2;
    expect(Math.abs(metres - Math.PI * (2.5 ** 2 - 1.5 ** 2))).toBeLessThan(0.2);
    expect(area(frame, [0, 255, 0])).toBeGreaterThan(0.9 * Math.PI * (0.3 * perMetre) ** 2); // through the hole
    // Round the camera, partly behind it.
    const about = draw([meshed(ring, [0.3, 0, 0])], { camera: { ...ahead, fovy: 140 } });
    expect(pixel(about, 32, 32)).toEqual([0, 0, 255]);
    expect(area(about, [255, 0, 0])).toBeGreaterThan(1000);
    expect(area(about, [255, 0, 0]) + area(about, [0, 0, 255])).toBe(64 * 64);
  });

  it('must be there', () => {
    expect(() => draw([geom('mesh', [], [3, 0, 0])])).toThrow(/mesh must be given for a geom of this shape, got none/);
  });

  it('is no other than a sphere as an ellipsoid', () => {
    const [ball, egg] = (['sphere', 'ellipsoid'] as const).map((shape) =>
      draw([geom(shape, [0.7, 0.7, 0.7], [3, 0.5, 0.2])], { scene }),
    );
    expect(egg!.data).toEqual(ball!.data);
  });
});
