import type { Simulation } from '../../mujoco/mujoco.ts';
import { JOINTS } from './model.ts';

/** Where the fingers pinch, m, and how the hand is turned about the vertical, rad; it always points down. */
export type Pinch = { readonly place: readonly [number, number, number]; readonly yaw: number };

const DAMPING = 1e-8;
const NEAR = 1e-4;
/** The most that a joint turns in one iteration, rad. */
const MOST = Math.PI / 4;
const SIZE = 6;

export function pinchOf(simulation: Simulation, physics: readonly number[]): Pinch {
  const { place, turned } = simulation.jacobian(physics, 'pinch');
  return { place: [place[0]!, place[1]!, place[2]!], yaw: Math.atan2(turned[3]!, turned[0]!) };
}

/**
 * Joint angles `[6]` that bring the fingers there, by damped least squares from where the arm is, and how far they still are
 * from it (m and rad together).
 */
export function reach(
  simulation: Simulation,
  physics: readonly number[],
  wanted: Pinch,
  iterations = 20,
): { readonly joints: number[]; readonly error: number } {
  const spans = JOINTS.map((name) => simulation.joint(name).position.at);
  const trial = [...physics];
  const [c, s] = [Math.cos(wanted.yaw), Math.sin(wanted.yaw)];
  const axes = [
    [c, s, 0],
    [s, -c, 0],
    [0, 0, -1],
  ] as const;
  let left = Infinity;
  for (let i = 0; i <= iterations; i++) {
    const { position, rotation, place, turned } = simulation.jacobian(trial, 'pinch');
    const error = [0, 1, 2].map((k) => wanted.place[k]! - place[k]!).concat(turnLeft(turned, axes));
    left = Math.hypot(...error);
    if (left < NEAR || i === iterations) break;
    const columns = position.length / 3;
    const row = (k: number, joint: number) =>
      k < 3 ? position[k * columns + joint]! : rotation[(k - 3) * columns + joint]!;
    const change = leastSquares(row, error);
    const scale = Math.min(1, MOST / Math.max(...change.map(Math.abs)));
    for (const [joint, at] of spans.entries()) trial[at] = trial[at]! + scale * change[joint]!;
  }
  return { joints: spans.map((at) => trial[at]!), error: left };
}

/** Half the sum of the cross products of the axes as they are with those wanted: what is left to turn, rad. */
function turnLeft(turned: Float64Array, axes: readonly (readonly number[])[]): number[] {
  const left = [0, 0, 0];
  for (const axis of [0, 1, 2]) {
    const [ax, ay, az] = [turned[axis]!, turned[3 + axis]!, turned[6 + axis]!];
    const [bx, by, bz] = axes[axis]! as [number, number, number];
    left[0]! += 0.5 * (ay * bz - az * by);
    left[1]! += 0.5 * (az * bx - ax * bz);
    left[2]! += 0.5 * (ax * by - ay * bx);
  }
  return left;
}

/** `J^T (J J^T + damping)^-1 error`, `[6]`. */
function leastSquares(row: (k: number, joint: number) => number, error: readonly number[]): number[] {
  const square = Array.from({ length: SIZE }, (_, a) =>
    Array.from({ length: SIZE }, (__, b) => {
      let sum = a === b ? DAMPING : 0;
      for (let joint = 0; joint < SIZE; joint++) sum += row(a, joint) * row(b, joint);
      return sum;
    }),
  );
  const y = solved(square, [...error]);
  return Array.from({ length: SIZE }, (_, joint) => y.reduce((sum, value, k) => sum + row(k, joint) * value, 0));
}

/** Gaussian elimination with row exchange; changes what it is given. */
function solved(matrix: number[][], vector: number[]): number[] {
  const n = vector.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(matrix[r]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = r;
    [matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
    [vector[i], vector[pivot]] = [vector[pivot]!, vector[i]!];
    for (let r = i + 1; r < n; r++) {
      const factor = matrix[r]![i]! / matrix[i]![i]!;
      for (let c = i; c < n; c++) matrix[r]![c]! -= factor * matrix[i]![c]!;
      vector[r]! -= factor * vector[i]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) vector[i]! -= matrix[i]![c]! * vector[c]!;
    vector[i]! /= matrix[i]![i]!;
  }
  return vector;
}
