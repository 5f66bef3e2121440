import type { Specs } from '../../compute/engine.ts';
import { tf } from '../../compute/tf.ts';
import type { Imagined } from '../cost.ts';

/** Places looked at between two moments. */
const BETWEEN = [0.25, 0.5, 0.75];

/** The probe of a checkpoint whose latents have `dim` numbers. */
export const probeSpecs = (dim: number): Specs => ({ 'probe.w': [dim, 2], 'probe.b': [2] });

/**
 * Where imagined futures are in the picture, `[S, V, 2]`: now, at every imagined moment, and on the ways between. Read off by the checkpoint's
 * linear probe (`probe.w` `[D, 2]`, `probe.b` `[2]`), which was fitted to labels.
 */
export function visited({ now, latents, params }: Pick<Imagined, 'now' | 'latents' | 'params'>): tf.Tensor3D {
  const [samples, horizon, dim] = latents.shape;
  const first = tf.tile(tf.reshape(now, [1, 1, dim]), [samples, 1, 1]);
  const moments = tf.concat([first, latents], 1);
  const rows = tf.reshape(moments, [samples * (horizon + 1), dim]) as tf.Tensor2D;
  const places = tf.reshape(tf.add(tf.matMul(rows, params['probe.w'] as tf.Tensor2D), params['probe.b']!), [
    samples,
    horizon + 1,
    2,
  ]);
  const part = (from: number) => tf.slice(places, [0, from, 0], [samples, horizon, 2]);
  const ways = BETWEEN.map((share) => tf.add(tf.mul(part(0), 1 - share), tf.mul(part(1), share)));
  return tf.concat([places, ...ways], 1) as tf.Tensor3D;
}
