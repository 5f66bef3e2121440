import type { Pull } from '../world.ts';
import type { Span } from './parts.ts';
import type { Simulation } from './simulation.ts';

type Numbers = number | readonly number[];
type Values = Readonly<Record<string, Numbers>>;
type Triple = readonly [number, number, number];

/** The state with joints elsewhere, by name: m or rad; a free joint's is a place and a quaternion, w first. */
export const posed = (simulation: Simulation, state: readonly number[], positions: Values): number[] =>
  replaced(simulation, state, positions, 'position');

/** The state with joints at other speeds, by name: m/s or rad/s. */
export const speeding = (simulation: Simulation, state: readonly number[], velocities: Values): number[] =>
  replaced(simulation, state, velocities, 'velocity');

function replaced(
  simulation: Simulation,
  state: readonly number[],
  values: Values,
  what: 'position' | 'velocity',
): number[] {
  const changed = [...state];
  for (const [name, given] of Object.entries(values)) {
    const numbers = typeof given === 'number' ? [given] : given;
    const span: Span = simulation.joint(name)[what];
    if (numbers.length !== span.size || !numbers.every(Number.isFinite))
      throw new RangeError(`${what} of ${name} must be ${span.size} finite numbers, got ${numbers.join(', ')}`);
    for (const [i, value] of numbers.entries()) changed[span.at + i] = value;
  }
  return changed;
}

export type Push = {
  readonly body: string;
  /** N, in the world's axes. */
  readonly force: Triple;
  /** N m. */
  readonly torque?: Triple;
  /** Where the force takes hold, m: the body's centre of mass unless told. */
  readonly at?: Triple;
};

/** The state with a force on a body, on top of those that are there; it acts for the next `step` only. */
export function pushed(
  simulation: Simulation,
  state: readonly number[],
  { body, force, torque = [0, 0, 0], at }: Push,
): number[] {
  const arm = at ? minus(at, simulation.motion(state, body).centre) : ([0, 0, 0] as const);
  const twist = cross(arm, force);
  const from = simulation.layout.bodyForces.at + 6 * simulation.body(body);
  const changed = [...state];
  for (const k of [0, 1, 2] as const) {
    changed[from + k]! += force[k];
    changed[from + 3 + k]! += torque[k] + twist[k];
  }
  return changed;
}

/** A pull closes this share of what is left in a control step. */
const EAGERNESS = 0.5;

/**
 * The state with a body drawn towards a place for the next control step (of `periodMs`), as by a spring without bounce that
 * also carries its weight. What cannot be moved stays.
 */
export function pulled(
  simulation: Simulation,
  state: readonly number[],
  { body, to }: Pull,
  periodMs: number,
): number[] {
  const { movable, load } = simulation.bodies[simulation.body(body)]!;
  if (!movable) return [...state];
  const { centre, velocity } = simulation.motion(state, body);
  const rate = (EAGERNESS * 1000) / periodMs;
  const force = [0, 1, 2].map((k) => {
    const wanted = rate * rate * (to[k]! - centre[k]!) - 2 * rate * velocity[k]!;
    return load * (wanted - simulation.gravity[k]!);
  });
  return pushed(simulation, state, { body, force: force as unknown as Triple });
}

const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
