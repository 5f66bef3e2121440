import { tf } from '../../compute/tf.ts';
import { momentRows } from '../moments.ts';
import type { Auxiliary, AuxiliaryShape } from './auxiliary.ts';

/** Keeps the direction of travel in latent space: 1 - cosine of successive changes. arXiv 2603.12231. Needs clips of 3 frames. */
export function straightening({ clip }: Pick<AuxiliaryShape, 'clip'>): Auxiliary {
  if (clip < 3) throw new RangeError(`clip must be at least 3 for straightening, got ${clip}`);
  return {
    params: {},
    loss(_, { latents, batch }) {
      const rows = (x: tf.Tensor, from: number, to: number) => momentRows(x, batch, from, to);
      const change = tf.sub(rows(latents, 1, clip), rows(latents, 0, clip - 1));
      const [before, after] = [rows(change, 0, clip - 2), rows(change, 1, clip - 1)];
      const size = (x: tf.Tensor) => tf.sqrt(tf.add(tf.sum(tf.square(x), 1), 1e-8));
      const cosine = tf.div(tf.sum(tf.mul(before, after), 1), tf.mul(size(before), size(after)));
      return tf.sub(1, tf.mean(cosine)) as tf.Scalar;
    },
  };
}
