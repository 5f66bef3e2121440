import { tf } from '../../compute/tf.ts';
import { disagreement, type Ensemble } from '../../worldmodel/ensemble.ts';
import { shapesOf } from '../../worldmodel/model.ts';
import { reading } from '../cost.ts';
import { pairsOf } from '../costs/spread.ts';
import type { Guardrail } from '../futures.ts';

/** How far the ensemble's disagreement about every step of a future is above `limit`, summed, `[S]`: 0 for those that keep to what is known. */
export const known = (ensemble: Ensemble, limit: number): Guardrail =>
  reading(shapesOf(ensemble.params), (imagined) => {
    const { before, done, samples } = pairsOf(imagined);
    const above = tf.relu(tf.sub(disagreement(ensemble, imagined.params, before, done), limit));
    return tf.sum(tf.reshape(above, [samples, -1]), 1) as tf.Tensor1D;
  });
