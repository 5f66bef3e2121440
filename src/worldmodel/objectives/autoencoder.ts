import { tf } from '../../compute/tf.ts';
import { mlpDecoder } from '../decoder.ts';
import { missed, type Objective, type ObjectiveShape, predictionOf, rolled, stopped } from './objective.ts';

/**
 * The first way that JEPA rejects: latents that a picture can be drawn from again, whatever of it matters; the predictor learns
 * on them without a say in what they hold (World Models, arXiv 1803.10122).
 */
export function autoencoder({ latentDim, imageSize }: ObjectiveShape): Objective {
  const decoder = mlpDecoder({ latentDim, imageSize });
  return {
    params: decoder.params,
    loss(view) {
      const { latents, pixels, params } = view;
      const drawn = decoder.draw(params, latents);
      const reconstruction = tf.mean(tf.squaredDifference(drawn, decoder.shrink(pixels))) as tf.Scalar;
      const fixed = stopped(latents);
      const told = predictionOf(rolled(view, fixed), missed(view, fixed));
      return { total: tf.add(told.prediction, reconstruction), ...told, reconstruction };
    },
  };
}
