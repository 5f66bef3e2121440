import { tf } from '../../compute/tf.ts';
import type { Imagined } from '../cost.ts';
import { visited } from './visited.ts';

/**
 * How far imagined futures go beyond the picture less a `margin` of its side, `[S]`: 0 for those that stay in. What leaves the picture is lost
 * to whoever sees nothing else, and no episode tells the way back.
 */
export const keepIn =
  (margin: number) =>
  (imagined: Pick<Imagined, 'now' | 'latents' | 'params'>): tf.Tensor1D => {
    const places = visited(imagined);
    const [before, beyond] = [tf.sub(margin, places), tf.sub(places, 1 - margin)];
    return tf.sum(tf.add(tf.relu(before), tf.relu(beyond)), [1, 2]) as tf.Tensor1D;
  };
