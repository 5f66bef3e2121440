import { compiled, type ModelFiles, nameOf } from './compile.ts';
import { type Finders, finders } from './finders.ts';
import { layoutOf, type StateLayout, WHOLE } from './layout.ts';
import { loaded } from './load.ts';
import { type Parts, partsOf } from './parts.ts';
import { type Contact, type Jacobian, type Motion, probes } from './probes.ts';
import { guard, troubleOf, unstable } from './trouble.ts';

/**
 * Where things are: positions `[N, 3]`, m, and rotations `[N, 9]` by rows. Live views: read them before anything else is
 * asked of any simulation.
 */
export type Places = {
  readonly geomPositions: Float64Array;
  readonly geomRotations: Float64Array;
  readonly cameraPositions: Float64Array;
  readonly cameraRotations: Float64Array;
  readonly bodyPositions: Float64Array;
  readonly bodyRotations: Float64Array;
  readonly sitePositions: Float64Array;
  readonly siteRotations: Float64Array;
};

/** One compiled model and its data. Everything that decides its future is in its state. */
export interface Simulation extends Parts, Finders {
  /** What the model calls itself. */
  readonly name: string;
  /** m/s^2. */
  readonly gravity: readonly [number, number, number];
  /** Numbers in a state: time, positions `[nq]`, velocities, then what the solver and the actuators remember. */
  readonly stateSize: number;
  readonly layout: StateLayout;
  /** Where the positions end and the velocities begin in a state; positions begin at 1. */
  readonly velocitiesAt: number;
  /** The state the model begins with, or that of one of its keyframes. */
  initial(keyframe?: string): number[];
  /**
   * The state after `times` physics steps under these controls. The same numbers give the same bits. Forces that were put on
   * bodies act for this one call. Throws `UnstablePhysics` when it blows up.
   */
  step(state: readonly number[], control: readonly number[], times: number): number[];
  /** Where everything is in a state. */
  places(state: readonly number[]): Places;
  /** What all sensors read in a state, under its controls. */
  readings(state: readonly number[]): Float64Array;
  /** What touches what in a state, and how hard. */
  contacts(state: readonly number[]): Contact[];
  /** How a site moves with the joints, and where it is: for inverse kinematics. */
  jacobian(state: readonly number[], site: string): Jacobian;
  /** How a body is moving in a state. */
  motion(state: readonly number[], body: string): Motion;
  dispose(): void;
}

export type SimulationOptions = {
  /** Files that the model names. */
  readonly files?: ModelFiles;
};

/** Compiles a model. Throws `RangeError` for a bad one. */
export function simulation(mjcf: string, { files }: SimulationOptions = {}): Simulation {
  const mj = loaded();
  const name = nameOf(mjcf);
  const model = compiled(mj, mjcf, name, files);
  const data = new mj.MjData(model);
  const layout = layoutOf(mj, model);
  const stateSize = mj.mj_stateSize(model, WHOLE);
  const buffer = new mj.DoubleBuffer(stateSize);
  const parts = partsOf(model, layout.positions, layout.velocities);
  const find = finders(parts);
  const restore = (state: readonly number[]) => {
    if (state.length !== stateSize) throw new RangeError(`state must have ${stateSize} numbers, got ${state.length}`);
    mj.mj_setState(model, data, state, WHOLE);
  };
  const save = () => {
    mj.mj_getState(model, data, buffer, WHOLE);
    return Array.from(buffer.GetView());
  };
  const guarded = guard(name, () => mj.mj_resetData(model, data));
  const probe = probes(mj, model, data, find, restore, guarded);
  return {
    name,
    gravity: Array.from(model.opt.gravity) as [number, number, number],
    stateSize,
    layout,
    velocitiesAt: layout.velocities.at,
    ...parts,
    ...find,
    ...probe,
    initial: (keyframe) => {
      if (keyframe === undefined) mj.mj_resetData(model, data);
      else mj.mj_resetDataKeyframe(model, data, find.keyframe(keyframe));
      return save();
    },
    step: (state, control, times) => {
      if (control.length !== model.nu) throw new RangeError(`control must have ${model.nu} numbers, got ${control}`);
      restore(state);
      data.ctrl.set(control);
      guarded(() => {
        for (let i = 0; i < times; i++) mj.mj_step(model, data);
      });
      data.xfrc_applied.fill(0);
      const next = save();
      const trouble = troubleOf(data, next, layout.velocities);
      if (trouble === undefined) return next;
      mj.mj_resetData(model, data);
      throw unstable(name, state[0]!, trouble);
    },
    dispose: () => {
      for (const thing of [buffer, data, model]) thing.delete();
      probe.dispose();
    },
  };
}
