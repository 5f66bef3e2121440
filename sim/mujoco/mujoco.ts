import { PremotorError } from '../../src/errors.ts';

/**
 * What we use of MuJoCo's WebAssembly build, typed by ourselves: its own declarations do not compile, and its arrays are `any`.
 *
 * - Array properties are live views into its memory. Every view dies when that memory grows (a new model, say), so none is
 *   kept here: they are fetched when needed, which costs less than a microsecond.
 * - What is made is to be deleted by hand, but for the vector of warnings, which belongs to its data.
 */
interface Mujoco {
  readonly MjModel: { from_xml_string(xml: string): MjModel };
  readonly MjData: new (model: MjModel) => MjData;
  readonly DoubleBuffer: new (size: number) => DoubleBuffer;
  readonly mjtState: { readonly mjSTATE_INTEGRATION: { readonly value: number } };
  readonly mjtObj: Readonly<Record<'mjOBJ_GEOM' | 'mjOBJ_CAMERA', { readonly value: number }>>;
  mj_stateSize(model: MjModel, what: number): number;
  mj_getState(model: MjModel, data: MjData, into: DoubleBuffer, what: number): void;
  mj_setState(model: MjModel, data: MjData, from: readonly number[], what: number): void;
  mj_resetData(model: MjModel, data: MjData): void;
  mj_step(model: MjModel, data: MjData): void;
  mj_kinematics(model: MjModel, data: MjData): void;
  mj_camlight(model: MjModel, data: MjData): void;
  mj_id2name(model: MjModel, kind: number, index: number): string;
}

interface DoubleBuffer {
  GetView(): Float64Array;
  delete(): void;
}

interface MjModel {
  readonly nq: number;
  readonly nu: number;
  readonly ngeom: number;
  readonly ncam: number;
  readonly geom_type: Int32Array;
  readonly geom_group: Int32Array;
  readonly geom_size: Float64Array;
  readonly geom_rgba: Float32Array;
  readonly cam_fovy: Float64Array;
  delete(): void;
}

interface MjData {
  readonly ctrl: Float64Array;
  readonly geom_xpos: Float64Array;
  readonly geom_xmat: Float64Array;
  readonly cam_xpos: Float64Array;
  readonly cam_xmat: Float64Array;
  readonly warning: { get(index: number): { readonly number: number; delete(): void } };
  delete(): void;
}

/** The warnings after which MuJoCo has silently begun anew: bad positions, velocities, accelerations. */
const UNSTABLE = [3, 4, 5];

/** `mjtGeom`. */
const SHAPES: Readonly<Record<number, Shape>> = { 0: 'plane', 2: 'sphere', 3: 'capsule', 5: 'cylinder', 6: 'box' };

export type Shape = 'plane' | 'sphere' | 'capsule' | 'cylinder' | 'box';

export type ModelGeom = {
  readonly name: string;
  readonly shape: Shape;
  /** Half-sizes, as MuJoCo has them: plane x, y; sphere r; capsule and cylinder r, half-length; box x, y, z. */
  readonly size: readonly [number, number, number];
  readonly rgba: readonly [number, number, number, number];
  readonly group: number;
};
export type ModelCamera = { readonly name: string; readonly fovy: number };

/** Where geoms and cameras are: positions `[N, 3]` and rotations `[N, 9]` by rows. Live views: read them at once. */
export type Places = {
  readonly geomPositions: Float64Array;
  readonly geomRotations: Float64Array;
  readonly cameraPositions: Float64Array;
  readonly cameraRotations: Float64Array;
};

/** One compiled model and its data. Everything that decides its future is in its state. */
export interface Simulation {
  /** Numbers in a state: time, positions `[nq]`, velocities, then what the solver and the actuators remember. */
  readonly stateSize: number;
  /** Where the positions end and the velocities begin in a state; positions begin at 1. */
  readonly velocitiesAt: number;
  readonly geoms: readonly ModelGeom[];
  readonly cameras: readonly ModelCamera[];
  /** The state the model begins with. */
  initial(): number[];
  /** The state after `times` physics steps under these controls. The same numbers give the same bits. */
  step(state: readonly number[], control: readonly number[], times: number): number[];
  /** Where everything is in a state. */
  places(state: readonly number[]): Places;
  dispose(): void;
}

let mujoco: Mujoco | undefined;
let loading: Promise<Mujoco> | undefined;

/** Loads MuJoCo (10 MB, a few tenths of a second) once; `simulation` needs it. */
export async function loadMujoco(): Promise<void> {
  loading ??= instantiate();
  mujoco = await loading;
}

async function instantiate(): Promise<Mujoco> {
  try {
    const { default: create } = await import('@mujoco/mujoco');
    // It would print its warnings; they come back as errors instead.
    return (await create({ print: () => {}, printErr: () => {} })) as unknown as Mujoco;
  } catch (cause) {
    loading = undefined;
    throw new PremotorError('MuJoCo cannot be loaded', { hint: 'npm ci installs it', cause });
  }
}

/**
 * The solver, pinned so that another release's defaults change nothing: implicit in velocities, which stiff servos on light
 * wheels need.
 */
export const pinnedOption = (timestep: number): string =>
  `<option timestep="${timestep}" integrator="implicitfast" solver="Newton" iterations="100" tolerance="1e-8" ` +
  'cone="pyramidal" jacobian="dense" impratio="1" gravity="0 0 -9.81"/>';

/** Compiles a model. Throws `RangeError` for a bad one. */
export function simulation(mjcf: string): Simulation {
  if (!mujoco) throw new Error('MuJoCo must be loaded first: await task.prepare()');
  const mj = mujoco;
  const model = compiled(mj, mjcf);
  const data = new mj.MjData(model);
  const what = mj.mjtState.mjSTATE_INTEGRATION.value;
  const stateSize = mj.mj_stateSize(model, what);
  const buffer = new mj.DoubleBuffer(stateSize);
  const restore = (state: readonly number[]) => {
    if (state.length !== stateSize) throw new RangeError(`state must have ${stateSize} numbers, got ${state.length}`);
    mj.mj_setState(model, data, state, what);
  };
  const save = () => {
    mj.mj_getState(model, data, buffer, what);
    return Array.from(buffer.GetView());
  };
  return {
    stateSize,
    velocitiesAt: 1 + model.nq,
    geoms: geomsOf(mj, model),
    cameras: camerasOf(mj, model),
    initial: () => {
      mj.mj_resetData(model, data);
      return save();
    },
    step: (state, control, times) => {
      if (control.length !== model.nu) throw new RangeError(`control must have ${model.nu} numbers, got ${control}`);
      restore(state);
      data.ctrl.set(control);
      for (let i = 0; i < times; i++) mj.mj_step(model, data);
      const next = save();
      if (wentWrong(data) || !next.every(Number.isFinite)) {
        mj.mj_resetData(model, data);
        throw new PremotorError('the simulation became unstable', { hint: 'the state or the variations are too wild' });
      }
      return next;
    },
    places: (state) => {
      restore(state);
      mj.mj_kinematics(model, data);
      mj.mj_camlight(model, data);
      return {
        geomPositions: data.geom_xpos,
        geomRotations: data.geom_xmat,
        cameraPositions: data.cam_xpos,
        cameraRotations: data.cam_xmat,
      };
    },
    dispose: () => {
      for (const thing of [buffer, data, model]) thing.delete();
    },
  };
}

function compiled(mj: Mujoco, mjcf: string): MjModel {
  try {
    return mj.MjModel.from_xml_string(mjcf);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().replace(/\s*\n\s*/g, ', ') : String(cause);
    throw new RangeError(`mjcf must be a model that compiles: ${reason}`, { cause });
  }
}

function wentWrong(data: MjData): boolean {
  const { warning } = data;
  return UNSTABLE.some((kind) => {
    const entry = warning.get(kind);
    const { number } = entry;
    entry.delete();
    return number > 0;
  });
}

function geomsOf(mj: Mujoco, model: MjModel): ModelGeom[] {
  const { geom_type: types, geom_size: sizes, geom_rgba: rgba, geom_group: groups } = model;
  return Array.from({ length: model.ngeom }, (_, i) => {
    const name = mj.mj_id2name(model, mj.mjtObj.mjOBJ_GEOM.value, i);
    const shape = SHAPES[types[i]!];
    if (!shape)
      throw new RangeError(`geom '${name}' must be a ${Object.values(SHAPES).join(', ')}, got type ${types[i]}`);
    return {
      name,
      shape,
      size: [sizes[3 * i]!, sizes[3 * i + 1]!, sizes[3 * i + 2]!],
      rgba: [rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!, rgba[4 * i + 3]!],
      group: groups[i]!,
    };
  });
}

function camerasOf(mj: Mujoco, model: MjModel): ModelCamera[] {
  const { cam_fovy: fovy } = model;
  return Array.from({ length: model.ncam }, (_, i) => ({
    name: mj.mj_id2name(model, mj.mjtObj.mjOBJ_CAMERA.value, i),
    fovy: fovy[i]!,
  }));
}
