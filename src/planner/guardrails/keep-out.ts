import { tf } from '../../compute/tf.ts';
import type { Imagined } from '../cost.ts';
import { visited } from './visited.ts';

/** A disc of the picture that shall not be entered: middle and radius, `[0, 1]` of its side. */
export type KeepOut = { readonly x: number; readonly y: number; readonly radius: number };

/**
 * How deep imagined futures go into what shall not be entered, `[S]`: 0 for those that keep out. `margin` is kept besides, for what probe
 * and imagination do not know.
 */
export const keepOut =
  (discs: readonly KeepOut[], margin: number) =>
  (imagined: Pick<Imagined, 'now' | 'latents' | 'params'>): tf.Tensor1D => {
    const places = visited(imagined);
    const depths = discs.map(({ x, y, radius }) => {
      const away = tf.sqrt(tf.add(tf.sum(tf.squaredDifference(places, tf.tensor1d([x, y])), 2), 1e-12));
      return tf.sum(tf.relu(tf.sub(radius + margin, away)), 1);
    });
    return depths.reduce((a, b) => tf.add(a, b)) as tf.Tensor1D;
  };
