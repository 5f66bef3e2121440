import type { Geom, Triangles } from './scene.ts';

/**
 * A unit mesh: half-sizes 1; triangles wind counter-clockwise seen from outside. A point of a geom is
 * `scale * position + end * stretch` along z, which lets a capsule's round ends stay round.
 */
export type Mesh = {
  readonly vertexCount: number;
  /** `[vertexCount, 3]` each. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** `[vertexCount]`: -1, 0 or 1. */
  readonly ends: Float32Array;
  /** `[triangles, 3]`. */
  readonly indices: Uint32Array;
};

/** Sides of round things, for those whose radius is less than so many samples: their outline is then true to an eighth of one. */
const LEVELS = [
  { below: 2.5, sides: 10, rings: 6 },
  { below: 5, sides: 14, rings: 8 },
  { below: Number.POSITIVE_INFINITY, sides: 20, rings: 12 },
] as const;

type Made = Exclude<Geom['shape'], 'mesh'>;

const round = (make: (sides: number, rings: number) => Mesh) => LEVELS.map(({ sides, rings }) => make(sides, rings));
const spheres = round(sphere);

const meshes: Readonly<Record<Made, readonly Mesh[]>> = {
  plane: [plane()],
  box: [box()],
  sphere: spheres,
  ellipsoid: spheres,
  cylinder: round(cylinder),
  capsule: round(capsule),
};

/** The mesh of a geom whose radius is so many samples. */
export function meshOf({ shape, mesh }: Geom, radius: number): Mesh {
  if (shape === 'mesh') return prepared(mesh).mesh;
  const levels = meshes[shape];
  let level = 0;
  while (level + 1 < levels.length && radius >= LEVELS[level]!.below) level++;
  return levels[level]!;
}

/** How far a mesh reaches from its origin, m; 0 for what is none. */
export const reachOf = ({ shape, mesh }: Geom): number => (shape === 'mesh' ? prepared(mesh).reach : 0);

const known = new WeakMap<Triangles, { readonly mesh: Mesh; readonly reach: number }>();

function prepared(triangles: Triangles | undefined) {
  if (!triangles) throw new RangeError('mesh must be given for a geom of this shape, got none');
  let made = known.get(triangles);
  if (!made) {
    const { positions } = triangles;
    const vertexCount = positions.length / 3;
    let most = 0;
    for (let j = 0; j < positions.length; j += 3)
      most = Math.max(most, positions[j]! ** 2 + positions[j + 1]! ** 2 + positions[j + 2]! ** 2);
    made = { mesh: { ...triangles, vertexCount, ends: new Float32Array(vertexCount) }, reach: Math.sqrt(most) };
    known.set(triangles, made);
  }
  return made;
}

type Triple = readonly [number, number, number];

function mesh(positions: readonly Triple[], normals: readonly Triple[], indices: number[], ends?: number[]): Mesh {
  return {
    vertexCount: positions.length,
    positions: new Float32Array(positions.flat()),
    normals: new Float32Array(normals.flat()),
    ends: ends ? new Float32Array(ends) : new Float32Array(positions.length),
    indices: new Uint32Array(indices),
  };
}

function plane(): Mesh {
  const corners: Triple[] = [
    [-1, -1, 0],
    [1, -1, 0],
    [1, 1, 0],
    [-1, 1, 0],
  ];
  return mesh(
    corners,
    corners.map(() => [0, 0, 1]),
    [0, 1, 2, 0, 2, 3],
  );
}

function box(): Mesh {
  const positions: Triple[] = [];
  const normals: Triple[] = [];
  const indices: number[] = [];
  const turned = (axis: number, along: number, a: number, b: number): Triple => {
    const point: [number, number, number] = [0, 0, 0];
    point[axis] = along;
    point[(axis + 1) % 3] = a;
    point[(axis + 2) % 3] = b;
    return point;
  };
  for (const axis of [0, 1, 2]) {
    for (const side of [-1, 1]) {
      const first = positions.length;
      for (const [a, b] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        positions.push(turned(axis, side, a * side, b));
        normals.push(turned(axis, side, 0, 0));
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return mesh(positions, normals, indices);
}

/** Points of the unit circle; the last is the first again. */
function circle(sides: number) {
  return Array.from({ length: sides + 1 }, (_, i) => {
    const turn = ((i % sides) / sides) * 2 * Math.PI;
    return [Math.cos(turn), Math.sin(turn)] as const;
  });
}

function sphere(around: number, down: number): Mesh {
  const { positions, indices } = globe(
    around,
    Array.from({ length: down + 1 }, (_, j) => (j / down) * Math.PI),
  );
  return mesh(positions, positions, indices);
}

/** A sphere whose equator is there twice, once for each end. */
function capsule(around: number, down: number): Mesh {
  const half = Array.from({ length: down / 2 + 1 }, (_, j) => (j / down) * Math.PI);
  const { positions, indices } = globe(around, [...half, ...half.map((polar) => polar + Math.PI / 2)]);
  const ends = positions.map((_, i) => (i < half.length * (around + 1) ? 1 : -1));
  return mesh(positions, positions, indices, ends);
}

/** Rings of points at these angles from the pole, joined by triangles. */
function globe(around: number, polars: readonly number[]) {
  const ring = circle(around);
  const positions = polars.flatMap((polar) =>
    ring.map(([x, y]): Triple => [Math.sin(polar) * x, Math.sin(polar) * y, Math.cos(polar)]),
  );
  const indices: number[] = [];
  for (let j = 0; j + 1 < polars.length; j++) {
    for (let i = 0; i < around; i++) {
      const a = j * (around + 1) + i;
      const b = a + around + 1;
      indices.push(a, b, a + 1, a + 1, b, b + 1);
    }
  }
  return { positions, indices };
}

function cylinder(sides: number): Mesh {
  const ring = circle(sides);
  const positions: Triple[] = [];
  const normals: Triple[] = [];
  const indices: number[] = [];
  for (const [x, y] of ring) {
    positions.push([x, y, -1], [x, y, 1]);
    normals.push([x, y, 0], [x, y, 0]);
  }
  for (let i = 0; i < sides; i++) indices.push(2 * i, 2 * i + 2, 2 * i + 1, 2 * i + 1, 2 * i + 2, 2 * i + 3);
  for (const cap of [-1, 1]) {
    const centre = positions.length;
    positions.push([0, 0, cap], ...ring.map(([x, y]): Triple => [x, y, cap]));
    normals.push([0, 0, cap], ...ring.map((): Triple => [0, 0, cap]));
    for (let i = 1; i <= sides; i++) {
      indices.push(centre, cap > 0 ? centre + i : centre + i + 1, cap > 0 ? centre + i + 1 : centre + i);
    }
  }
  return mesh(positions, normals, indices);
}
