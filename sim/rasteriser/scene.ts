/** `[x, y, z]`. */
export type Vector = ArrayLike<number>;
/** `[9]`, by rows; its columns are the axes of what is turned. */
export type Rotation = ArrayLike<number>;
/** Red, green, blue, each in [0, 1]. */
export type Rgb = readonly [number, number, number];

/** Triangles of any shape, m; they wind counter-clockwise seen from outside. */
export type Triangles = {
  /** `[vertices, 3]` each; normals of length 1. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** `[triangles, 3]`. */
  readonly indices: Uint32Array;
};

/** A thing somewhere. Shapes and sizes are MuJoCo's: half-sizes; round ones stand along z. */
export type Geom = {
  readonly shape: 'plane' | 'box' | 'sphere' | 'ellipsoid' | 'cylinder' | 'capsule' | 'mesh';
  /** Plane x, y (0: as far as can be seen); box and ellipsoid x, y, z; sphere r; cylinder and capsule r, half-length. */
  readonly size: ArrayLike<number>;
  /** What is not opaque is drawn over the rest, and neither hides nor shades other things. */
  readonly rgba: ArrayLike<number>;
  readonly position: Vector;
  readonly rotation: Rotation;
  /** What it is a part of, where that can be moved. */
  readonly body?: string;
  /** What a mesh is made of; meshes have no other size. */
  readonly mesh?: Triangles;
  /** Squares of another colour, for planes; `cell` is their side, m. */
  readonly checker?: { readonly rgb: Rgb; readonly cell: number };
};

/** Light from far away: `direction` points towards it (of any length). */
export type Light = { readonly direction: readonly [number, number, number]; readonly strength: number };

export type Scene = {
  readonly geoms: readonly Geom[];
  readonly background: Rgb;
  /** Light that comes from everywhere; a face that looks straight at a light of strength 1 - `ambient` has its own colour. */
  readonly ambient: number;
  readonly lights: readonly Light[];
  /** Lets things shade each other from the first light, by a map of so many cells a side (128 to 512 will do); 0: no shadows. */
  readonly shadow?: number;
};

/** Looks along its -z axis, x to the right, y up, as MuJoCo's. */
export type Camera = {
  readonly position: Vector;
  readonly rotation: Rotation;
  /** Field of view, degrees. */
  readonly fovy: number;
};
