import { tf } from '../compute/tf.ts';
import type { Random } from '../random.ts';

/** Knots of the quadrature and their spacing: t_k = 3k/16. LeWM, arXiv 2603.19312, section 3; LeJEPA, arXiv 2511.08544. */
const KNOTS = 17;
const SPACING = 3 / (KNOTS - 1);
const knots = Array.from({ length: KNOTS }, (_, k) => k * SPACING);
/** The normal's characteristic function at the knots. */
const target = knots.map((t) => Math.exp((-t * t) / 2));

/** Trapezoid weights times the window exp(-t^2/2). */
export const sigregWeights = target.map((phi, k) => (k === 0 || k === KNOTS - 1 ? SPACING : 2 * SPACING) * phi);

/** What a batch of exact normals reads on average, at any size: the floor of the statistic (1.0525). */
export const SIGREG_FLOOR = sigregWeights.reduce((sum, weight, k) => sum + weight * (1 - target[k]! ** 2), 0);

/**
 * SIGReg: how far the batch is from a standard normal, by its characteristic function along random directions.
 * `latents` `[T, N, D]` (each time step judged by itself), `directions` `[D, M]` with unit columns -> scalar.
 * The statistic carries a factor `N`: a collapsed batch reads 0.402 N, a normal one `SIGREG_FLOOR`.
 */
export function sigreg(latents: tf.Tensor3D, directions: tf.Tensor2D): tf.Scalar {
  const [steps, count, dim] = latents.shape;
  const projected = tf.reshape(tf.matMul(tf.reshape(latents, [steps * count, dim]), directions), [steps, count, -1]);
  // The knot at t = 0 contributes nothing. Multiples of the angle by the Chebyshev recurrence: one sine, one cosine.
  const angle = tf.mul(projected, SPACING);
  const cosine = tf.cos(angle);
  const sine = tf.sin(angle);
  const twice = tf.mul(cosine, 2);
  let [pastC, pastS]: [tf.Tensor | undefined, tf.Tensor | undefined] = [undefined, undefined];
  let [nowC, nowS]: [tf.Tensor, tf.Tensor] = [cosine, sine];
  let statistic: tf.Tensor | undefined;
  for (let k = 1; k < KNOTS; k++) {
    const error = tf.add(tf.square(tf.sub(tf.mean(nowC, 1), target[k]!)), tf.square(tf.mean(nowS, 1)));
    const term = tf.mul(error, sigregWeights[k]!);
    statistic = statistic === undefined ? term : tf.add(statistic, term);
    const nextC: tf.Tensor = tf.sub(tf.mul(twice, nowC), pastC ?? 1);
    const nextS: tf.Tensor = pastS === undefined ? tf.mul(twice, nowS) : tf.sub(tf.mul(twice, nowS), pastS);
    [pastC, pastS, nowC, nowS] = [nowC, nowS, nextC, nextS];
  }
  return tf.mul(tf.mean(statistic!), count) as tf.Scalar;
}

/** Fresh directions, `[D, M]`: normals, each column of unit length. */
export function drawDirections(dim: number, count: number, random: Random): Float32Array {
  const directions = random.normals(dim * count);
  const squares = new Float64Array(count);
  for (let i = 0; i < directions.length; i++) squares[i % count]! += directions[i]! ** 2;
  for (let i = 0; i < directions.length; i++) directions[i]! /= Math.sqrt(squares[i % count]!);
  return directions;
}
