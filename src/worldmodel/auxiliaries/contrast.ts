import type { tf } from '../../compute/tf.ts';
import { confusion } from '../objectives/contrastive.ts';
import { foretold, predictionOf, rolled } from '../objectives/objective.ts';
import type { Auxiliary, AuxiliaryShape } from './auxiliary.ts';

/**
 * What is foretold must be told from the other clips' moments of the same time (InfoNCE, arXiv 1807.03748), beside an objective that keeps
 * latents from collapse: small things that tell situations apart, such as a turn, stay in them.
 */
export const contrast = ({ predictor }: Pick<AuxiliaryShape, 'predictor'>): Auxiliary => ({
  params: {},
  loss(params, { latents, blocks, clip, batch }) {
    const view = { predictor, params, inputs: { blocks }, clip, batch };
    const apart = (predicted: tf.Tensor2D, came: tf.Tensor2D) => confusion(predicted, came, batch);
    return predictionOf(rolled(view, latents), (step) => apart(step.predicted, foretold(view, latents, step)))
      .prediction;
  },
});
