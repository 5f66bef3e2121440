import type { Tensors } from '../../compute/engine.ts';
import { tf } from '../../compute/tf.ts';

/** A disc of the picture that shall not be entered: middle and radius, `[0, 1]` of its side. */
export type KeepOut = { readonly x: number; readonly y: number; readonly radius: number };

/**
 * How deep imagined futures go into what shall not be entered, `[S, H, D]` -> `[S]`, 0 for those that keep out. Where a latent is
 * in the picture is read off by the checkpoint's linear probe (`probe.w` `[D, 2]`, `probe.b` `[2]`), which was fitted to labels. The
 * ways between two imagined moments count too. `margin` is kept besides, for what the probe and the imagination do not know.
 */
export function keepOut(discs: readonly KeepOut[], margin: number) {
  return (latents: tf.Tensor3D, params: Tensors): tf.Tensor1D => {
    const [samples, horizon, dim] = latents.shape;
    const rows = tf.reshape(latents, [samples * horizon, dim]) as tf.Tensor2D;
    const places = tf.reshape(tf.add(tf.matMul(rows, params['probe.w'] as tf.Tensor2D), params['probe.b']!), [
      samples,
      horizon,
      2,
    ]);
    const part = (from: number, count: number) => tf.slice(places, [0, from, 0], [samples, count, 2]);
    const ways =
      horizon > 1
        ? [1, 2, 3].map((i) => tf.add(tf.mul(part(0, horizon - 1), 1 - i / 4), tf.mul(part(1, horizon - 1), i / 4)))
        : [];
    const visited = tf.concat([places, ...ways], 1);
    const depths = discs.map(({ x, y, radius }) => {
      const away = tf.sqrt(tf.add(tf.sum(tf.squaredDifference(visited, tf.tensor1d([x, y])), 2), 1e-12));
      return tf.max(tf.relu(tf.sub(radius + margin, away)), 1);
    });
    return depths.reduce((a, b) => tf.add(a, b)) as tf.Tensor1D;
  };
}
