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
  const projected = tf.matMul(tf.reshape(latents, [steps * count, dim]) as tf.Tensor2D, directions);
  return statistic(tf.mul(tf.reshape(projected, [steps, count, -1]), SPACING)) as tf.Scalar;
}

/**
 * The statistic of angles `[T, N, M]` at the first knot. The knot at t = 0 contributes nothing; multiples of the angle come
 * by the Chebyshev recurrence, from one sine and one cosine. The slope is gathered on the way, which costs half of what
 * tfjs would derive: d/da of (mean cos ka - target)^2 + (mean sin ka)^2 is 2k (mean sin ka cos ka - off sin ka) / N.
 */
const statistic = tf.customGrad((input, keep) => {
  const [angle, save] = [input as tf.Tensor3D, keep as (tensors: tf.Tensor[]) => void];
  const [steps, count, directions] = angle.shape;
  const twice = tf.mul(tf.cos(angle), 2);
  let [pastC, pastS]: [tf.Tensor | number, tf.Tensor | number] = [1, 0];
  let [nowC, nowS]: [tf.Tensor, tf.Tensor] = [tf.cos(angle), tf.sin(angle)];
  const terms: tf.Tensor[] = [];
  let slope: tf.Tensor | undefined;
  for (let k = 1; k < KNOTS; k++) {
    const off = tf.sub(tf.mean(nowC, 1, true), target[k]!);
    const meanS = tf.mean(nowS, 1, true);
    terms.push(tf.mul(tf.add(tf.square(off), tf.square(meanS)), sigregWeights[k]!));
    const weight = 2 * k * sigregWeights[k]!;
    const part: tf.Tensor = tf.sub(tf.mul(nowC, tf.mul(meanS, weight)), tf.mul(nowS, tf.mul(off, weight)));
    slope = slope === undefined ? part : tf.add(slope, part);
    const next: [tf.Tensor, tf.Tensor] = [tf.sub(tf.mul(twice, nowC), pastC), tf.sub(tf.mul(twice, nowS), pastS)];
    [pastC, pastS, [nowC, nowS]] = [nowC, nowS, next];
  }
  save([slope!]);
  return {
    value: tf.mul(tf.mean(terms.reduce((sum, term) => tf.add(sum, term))), count),
    gradFunc: (dy, [slope]) => tf.mul(slope!, tf.div(dy, steps * directions)),
  };
});

/** Fresh directions, `[D, M]`: normals, each column of unit length. */
export function drawDirections(dim: number, count: number, random: Random): Float32Array {
  const directions = random.normals(dim * count);
  const squares = new Float64Array(count);
  for (let i = 0; i < directions.length; i++) squares[i % count]! += directions[i]! ** 2;
  for (let i = 0; i < directions.length; i++) directions[i]! /= Math.sqrt(squares[i % count]!);
  return directions;
}
