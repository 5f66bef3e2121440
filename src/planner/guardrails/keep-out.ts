import { tf } from '../../compute/tf.ts';
import type { Imagined } from '../cost.ts';

/** A disc of the picture that shall not be entered: middle and radius, `[0, 1]` of its side. */
export type KeepOut = { readonly x: number; readonly y: number; readonly radius: number };

/**
 * How deep imagined futures go into what shall not be entered, `[S]`: 0 for those that keep out. Where a latent is in the picture is
 * read off by the checkpoint's linear probe (`probe.w` `[D, 2]`, `probe.b` `[2]`), which was fitted to labels. The ways from here to the
 * first imagined moment, and from each to the next, count too. `margin` is kept besides, for what probe and imagination do not know.
 */
export function keepOut(discs: readonly KeepOut[], margin: number) {
  return ({ now, latents, params }: Pick<Imagined, 'now' | 'latents' | 'params'>): tf.Tensor1D => {
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
    const visited = tf.concat([places, ...ways], 1);
    const depths = discs.map(({ x, y, radius }) => {
      const away = tf.sqrt(tf.add(tf.sum(tf.squaredDifference(visited, tf.tensor1d([x, y])), 2), 1e-12));
      return tf.sum(tf.relu(tf.sub(radius + margin, away)), 1);
    });
    return depths.reduce((a, b) => tf.add(a, b)) as tf.Tensor1D;
  };
}

/** Places looked at between two moments. */
const BETWEEN = [0.25, 0.5, 0.75];
