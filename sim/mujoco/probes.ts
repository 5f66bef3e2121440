import type { DoubleBuffer, MjData, MjModel, Mujoco } from './bindings.ts';
import type { Finders } from './finders.ts';
import type { Places, Simulation } from './simulation.ts';

/** Two geoms that touch, or nearly. */
export type Contact = {
  /** Their indices. */
  readonly geoms: readonly [number, number];
  /** Negative where they overlap, m. */
  readonly distance: number;
  /** How hard they press, N. */
  readonly force: number;
  readonly position: readonly [number, number, number];
  /** From the first geom to the second. */
  readonly normal: readonly [number, number, number];
};

/** All in the world's axes; `nv` columns, one for each velocity: see a joint's `dof`. */
export type Jacobian = {
  /** `[3, nv]`, m/s per unit of velocity. */
  readonly position: Float64Array;
  /** `[3, nv]`, rad/s per unit of velocity. */
  readonly rotation: Float64Array;
  /** Where the site is, m, and how it is turned, `[9]` by rows. */
  readonly place: Float64Array;
  readonly turned: Float64Array;
};

/** Of a body's centre of mass, in the world's axes. */
export type Motion = {
  readonly centre: readonly [number, number, number];
  /** m/s. */
  readonly velocity: readonly [number, number, number];
  /** rad/s. */
  readonly turning: readonly [number, number, number];
};

/** Of the camera modes, those that look at a centre of mass begin here (but for `targetbody`, which does not mind). */
const TRACKS_CENTRE = 2;

type Probes = Pick<Simulation, 'places' | 'readings' | 'contacts' | 'jacobian' | 'motion' | 'dispose'>;

/** What can be asked of a state. */
export function probes(
  mj: Mujoco,
  model: MjModel,
  data: MjData,
  find: Finders,
  restore: (state: readonly number[]) => void,
  guarded: (work: () => void) => void,
): Probes {
  const needsCentres = model.cam_mode.some((mode) => mode >= TRACKS_CENTRE);
  const buffers = new Map<string, DoubleBuffer>();
  const buffer = (name: string, size: number): DoubleBuffer => {
    const made = buffers.get(name) ?? new mj.DoubleBuffer(size);
    buffers.set(name, made);
    return made;
  };
  const locate = (state: readonly number[], centres: boolean) => {
    restore(state);
    mj.mj_kinematics(model, data);
    if (centres) mj.mj_comPos(model, data);
  };
  return {
    places: (state) => {
      locate(state, needsCentres);
      mj.mj_camlight(model, data);
      return placesOf(data);
    },
    readings: (state) => {
      restore(state);
      guarded(() => mj.mj_forward(model, data));
      return data.sensordata.slice();
    },
    contacts: (state) => {
      restore(state);
      guarded(() => mj.mj_forward(model, data));
      return contactsOf(mj, model, data, buffer('force', 6));
    },
    jacobian: (state, site) => {
      const index = find.site(site);
      const [position, rotation] = [buffer('position', 3 * model.nv), buffer('rotation', 3 * model.nv)];
      locate(state, true);
      mj.mj_jacSite(model, data, position, rotation, index);
      return {
        position: position.GetView().slice(),
        rotation: rotation.GetView().slice(),
        place: data.site_xpos.slice(3 * index, 3 * index + 3),
        turned: data.site_xmat.slice(9 * index, 9 * index + 9),
      };
    },
    motion: (state, body) => {
      const index = find.body(body);
      const speeds = buffer('speeds', 6);
      locate(state, true);
      mj.mj_comVel(model, data);
      mj.mj_objectVelocity(model, data, mj.mjtObj.mjOBJ_BODY!.value, index, speeds, 0);
      const values = speeds.GetView();
      return { centre: triple(data.xipos, index), velocity: triple(values, 1), turning: triple(values, 0) };
    },
    dispose: () => {
      for (const made of buffers.values()) made.delete();
    },
  };
}

const placesOf = (data: MjData): Places => ({
  geomPositions: data.geom_xpos,
  geomRotations: data.geom_xmat,
  cameraPositions: data.cam_xpos,
  cameraRotations: data.cam_xmat,
  bodyPositions: data.xpos,
  bodyRotations: data.xmat,
  sitePositions: data.site_xpos,
  siteRotations: data.site_xmat,
});

function contactsOf(mj: Mujoco, model: MjModel, data: MjData, force: DoubleBuffer): Contact[] {
  const all = data.contact;
  const found: Contact[] = [];
  for (let i = 0; i < all.size(); i++) {
    const one = all.get(i);
    mj.mj_contactForce(model, data, i, force);
    const { geom1, geom2, dist, pos, frame } = one;
    found.push({
      geoms: [geom1, geom2],
      distance: dist,
      force: force.GetView()[0]!,
      position: triple(pos, 0),
      normal: triple(frame, 0),
    });
    one.delete();
  }
  all.delete();
  return found;
}

const triple = (values: ArrayLike<number>, i: number) =>
  [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!] as const;
