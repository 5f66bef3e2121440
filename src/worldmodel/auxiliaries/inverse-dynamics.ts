import { geluTanh, layerNorm, linear, linearSpec, normSpec } from '../../compute/layers.ts';
import { tf } from '../../compute/tf.ts';
import { momentRows } from '../moments.ts';
import type { Auxiliary, AuxiliaryShape } from './auxiliary.ts';

/**
 * Multi-step inverse dynamics: from a latent and one `k` blocks later, for every `k` in the clip, the first block between them.
 * What actions depend on must stay in the latents, wherever it is in the picture: it keeps the world beside the agent from
 * being left out. PLDM (arXiv 2502.14819) and EB-JEPA (2602.03604) with `k = 1`; many steps as in AC-State (2207.08229).
 */
export function inverseDynamics(
  { latentDim, blockSize, clip }: Omit<AuxiliaryShape, 'predictor'>,
  hidden = 512,
): Auxiliary {
  const farthest = clip - 1;
  return {
    params: {
      ...linearSpec('inverse.in', 2 * latentDim + farthest, hidden),
      ...normSpec('inverse.inNorm', hidden),
      ...linearSpec('inverse.mid', hidden, hidden),
      ...normSpec('inverse.midNorm', hidden),
      ...linearSpec('inverse.out', hidden, blockSize, 0.1),
    },
    loss(p, { latents, blocks, batch }) {
      const rows = (x: tf.Tensor, from: number, to: number) => momentRows(x, batch, from, to);
      const pairs = Array.from({ length: farthest }, (_, i) => {
        const apart = i + 1;
        const ago = tf.tile(tf.oneHot(tf.tensor1d([i], 'int32'), farthest, 1, 0, 'float32'), [
          (clip - apart) * batch,
          1,
        ]);
        return tf.concat([rows(latents, 0, clip - apart), rows(latents, apart, clip), ago], 1);
      });
      const truth = tf.concat(pairs.map((_, i) => rows(blocks, 0, clip - 1 - i)));
      const first = geluTanh(layerNorm(p, linear(p, tf.concat(pairs), 'inverse.in'), 'inverse.inNorm'));
      const second = geluTanh(layerNorm(p, linear(p, first, 'inverse.mid'), 'inverse.midNorm'));
      return tf.mean(tf.squaredDifference(linear(p, second, 'inverse.out'), truth)) as tf.Scalar;
    },
  };
}
