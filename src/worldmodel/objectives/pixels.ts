import { tf } from '../../compute/tf.ts';
import { mlpDecoder } from '../decoder.ts';
import { momentRows } from '../moments.ts';
import { type Objective, type ObjectiveShape, predictionOf, rolled } from './objective.ts';

/**
 * The second way that JEPA rejects: foretell the next pictures themselves. Where more than one future can come, the best that
 * squared error allows is their blurry average.
 */
export function pixels({ latentDim, imageSize }: ObjectiveShape): Objective {
  const decoder = mlpDecoder({ latentDim, imageSize });
  return {
    params: decoder.params,
    loss(view) {
      const { latents, params, batch, clip } = view;
      const small = decoder.shrink(view.pixels);
      const told = predictionOf(rolled(view, latents), ({ predicted, from }) =>
        tf.mean(tf.squaredDifference(decoder.draw(params, predicted), momentRows(small, batch, from, clip))),
      );
      return { total: told.prediction, ...told };
    },
  };
}
