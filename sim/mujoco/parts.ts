import type { Triangles } from '../rasteriser/scene.ts';
import type { MjModel } from './bindings.ts';
import { meshOf } from './mesh.ts';

export type Shape = 'plane' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box' | 'mesh';

export type ModelGeom = {
  readonly name: string;
  readonly shape: Shape;
  /** Half-sizes, as MuJoCo has them: plane x, y; sphere r; capsule and cylinder r, half-length; box and ellipsoid x, y, z. */
  readonly size: readonly [number, number, number];
  readonly rgba: readonly [number, number, number, number];
  readonly group: number;
  /** The body it belongs to, or the nearest one above that has a name. */
  readonly body: string;
  /** Can its body be moved? */
  readonly movable: boolean;
  /** What a mesh is made of. */
  readonly mesh?: Triangles;
};
export type ModelBody = {
  readonly name: string;
  /** Its own, kg. */
  readonly mass: number;
  /** What moves along when it is lifted, kg: all of a loose thing, else the body and what hangs on it. */
  readonly load: number;
  /** Is it not fixed to the world? */
  readonly movable: boolean;
};
/** Some numbers in a row: where they begin, and how many they are. */
export type Span = { readonly at: number; readonly size: number };
export type ModelJoint = {
  readonly name: string;
  readonly kind: 'free' | 'ball' | 'slide' | 'hinge';
  readonly body: string;
  /** Where its numbers are in a state: m or rad; a free joint's are a place and a quaternion, w first. */
  readonly position: Span;
  /** The same for its velocities, m/s or rad/s. */
  readonly velocity: Span;
  /** The column of its first velocity in a Jacobian. */
  readonly dof: number;
  /** The limits its model gives, m or rad. */
  readonly range?: readonly [number, number];
};
export type ModelSite = { readonly name: string; readonly body: string };
export type ModelCamera = { readonly name: string; readonly fovy: number };
export type ModelActuator = { readonly name: string; readonly range?: readonly [number, number] };
/** Where its readings are among all of them. */
export type ModelSensor = Span & { readonly name: string };

/** What a model consists of, each in MuJoCo's order; parts without a name have ''. */
export type Parts = {
  readonly bodies: readonly ModelBody[];
  readonly joints: readonly ModelJoint[];
  readonly geoms: readonly ModelGeom[];
  readonly sites: readonly ModelSite[];
  readonly cameras: readonly ModelCamera[];
  readonly actuators: readonly ModelActuator[];
  readonly sensors: readonly ModelSensor[];
  readonly keyframes: readonly { readonly name: string }[];
};

/** `mjtGeom`. */
const SHAPES: Readonly<Record<number, Shape>> = {
  0: 'plane',
  2: 'sphere',
  3: 'capsule',
  4: 'ellipsoid',
  5: 'cylinder',
  6: 'box',
  7: 'mesh',
};

/** `mjtJoint`, with how many numbers a position and a velocity have. */
const JOINTS = [
  ['free', 7, 6],
  ['ball', 4, 3],
  ['slide', 1, 1],
  ['hinge', 1, 1],
] as const;

type Kind = 'body' | 'jnt' | 'geom' | 'site' | 'cam' | 'actuator' | 'sensor' | 'key';
type Named = (kind: Kind, index: number) => string;

/** What the parts are called: '' for what has no name. */
function namesOf(model: MjModel): Named {
  const names = new Uint8Array(model.names);
  const decoder = new TextDecoder();
  return (kind, index) => {
    const from = model[`name_${kind}adr`][index]!;
    return decoder.decode(names.subarray(from, names.indexOf(0, from)));
  };
}

/** The parts of a model whose states have their positions and velocities there. */
export function partsOf(model: MjModel, positions: Span, velocities: Span): Parts {
  const named = namesOf(model);
  const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const bodyOf = bodyNames(model, named);
  return {
    bodies: bodiesOf(model, named),
    joints: jointsOf(model, named, bodyOf, positions.at, velocities.at),
    geoms: geomsOf(model, named, bodyOf),
    sites: list(model.nsite, (i) => ({ name: named('site', i), body: bodyOf(model.site_bodyid[i]!) })),
    cameras: list(model.ncam, (i) => ({ name: named('cam', i), fovy: model.cam_fovy[i]! })),
    actuators: list(model.nu, (i) => ({
      name: named('actuator', i),
      ...ranged(model.actuator_ctrlrange, i),
    })),
    sensors: list(model.nsensor, (i) => ({
      name: named('sensor', i),
      at: model.sensor_adr[i]!,
      size: model.sensor_dim[i]!,
    })),
    keyframes: list(model.nkey, (i) => ({ name: named('key', i) })),
  };
}

/** The name of a body, or of the nearest one above it that has one; the world has one. */
function bodyNames({ body_parentid: parents }: MjModel, named: Named): (index: number) => string {
  const nameOf = (index: number): string => named('body', index) || nameOf(parents[index]!);
  return nameOf;
}

function bodiesOf(model: MjModel, named: Named): ModelBody[] {
  const { body_mass: masses, body_subtreemass: loads, body_weldid: welded, body_rootid: roots } = model;
  const loose = (body: number) => model.jnt_type[model.body_jntadr[body]!] === 0; // on a free joint
  return Array.from(masses, (mass, i) => ({
    name: named('body', i),
    mass,
    load: loads[loose(roots[i]!) ? roots[i]! : i]!,
    movable: welded[i] !== 0,
  }));
}

function jointsOf(
  model: MjModel,
  named: Named,
  bodyOf: (index: number) => string,
  positionsAt: number,
  velocitiesAt: number,
): ModelJoint[] {
  const { jnt_type: types, jnt_qposadr: positions, jnt_dofadr: dofs, jnt_bodyid: bodies } = model;
  return Array.from({ length: model.njnt }, (_, i) => {
    const [kind, coordinates, freedoms] = JOINTS[types[i]!]!;
    return {
      name: named('jnt', i),
      kind,
      body: bodyOf(bodies[i]!),
      position: { at: positionsAt + positions[i]!, size: coordinates },
      velocity: { at: velocitiesAt + dofs[i]!, size: freedoms },
      dof: dofs[i]!,
      ...ranged(model.jnt_range, i),
    };
  });
}

function geomsOf(model: MjModel, named: Named, bodyOf: (index: number) => string): ModelGeom[] {
  const { geom_type: types, geom_size: sizes, geom_rgba: rgba, geom_group: groups, geom_bodyid: bodies } = model;
  const meshes = new Map<number, Triangles>();
  return Array.from({ length: model.ngeom }, (_, i) => {
    const name = named('geom', i);
    const shape = SHAPES[types[i]!];
    if (!shape)
      throw new RangeError(`geom '${name}' must be a ${Object.values(SHAPES).join(', ')}, got type ${types[i]}`);
    return {
      name,
      shape,
      size: [sizes[3 * i]!, sizes[3 * i + 1]!, sizes[3 * i + 2]!],
      rgba: [rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!, rgba[4 * i + 3]!],
      group: groups[i]!,
      body: bodyOf(bodies[i]!),
      movable: model.body_weldid[bodies[i]!] !== 0,
      ...(shape === 'mesh' ? { mesh: meshOf(model, model.geom_dataid[i]!, meshes) } : {}),
    };
  });
}

/** A range of nothing means there is none. (Whether it is in force cannot be read: the build's views of booleans throw.) */
const ranged = (ranges: ArrayLike<number>, i: number) => {
  const [low, high] = [ranges[2 * i]!, ranges[2 * i + 1]!];
  return low < high ? { range: [low, high] as const } : {};
};
