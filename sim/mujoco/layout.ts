import type { MjModel, Mujoco } from './bindings.ts';
import type { Span } from './parts.ts';

/** Where what decides a model's future is in its state, in MuJoCo's order (`mjtState`). */
const FIELDS = [
  'time',
  'positions',
  'velocities',
  'activations',
  'history',
  'warmstart',
  'controls',
  'jointForces',
  'bodyForces',
  'equalities',
  'mocapPositions',
  'mocapRotations',
  'userData',
  'plugins',
] as const;

/**
 * The parts of a state. `bodyForces` holds a force and a torque for every body, `[bodies, 6]` in N and N m; `equalities`
 * whether each is in force, 1 or 0.
 */
export type StateLayout = Readonly<Record<(typeof FIELDS)[number], Span>>;

/** All of the integration state: the same numbers give the same future, to the bit. */
export const WHOLE = 2 ** FIELDS.length - 1;

export function layoutOf(mj: Mujoco, model: MjModel): StateLayout {
  let at = 0;
  const spans = FIELDS.map((field, i) => {
    const span = { at, size: mj.mj_stateSize(model, 2 ** i) };
    at += span.size;
    return [field, span] as const;
  });
  return Object.fromEntries(spans) as StateLayout;
}
