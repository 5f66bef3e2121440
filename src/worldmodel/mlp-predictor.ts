import { geluTanh, layerNorm, linear, linearSpec, normSpec } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';
import type { Predictor } from './predictor.ts';

export type MlpPredictorOptions = {
  readonly latentDim: number;
  readonly blockSize: number;
  readonly contextLength?: number;
  readonly hidden?: number;
  readonly residualBlocks?: number;
};

/** A residual multi-layer perceptron over the flattened context; predicts the change of the newest latent. */
export function mlpPredictor({
  latentDim,
  blockSize,
  contextLength = 1,
  hidden = 256,
  residualBlocks = 1,
}: MlpPredictorOptions): Predictor {
  const inputs = contextLength * (latentDim + blockSize);
  const numbers = Array.from({ length: residualBlocks }, (_, i) => i);
  const params = Object.assign(
    {},
    linearSpec('predictor.in', inputs, hidden),
    normSpec('predictor.inNorm', hidden),
    ...numbers.map((i) => ({
      ...normSpec(`predictor.r${i}.norm`, hidden),
      ...linearSpec(`predictor.r${i}.up`, hidden, hidden),
      ...linearSpec(`predictor.r${i}.down`, hidden, hidden, 0.1),
    })),
    normSpec('predictor.outNorm', hidden),
    linearSpec('predictor.out', hidden, latentDim, 0.1),
  );

  return {
    params,
    contextLength,
    predict(p, latents, blocks) {
      const samples = latents.shape[0];
      const flat = tf.reshape(tf.concat([latents, blocks], 2), [samples, inputs]);
      let h = geluTanh(layerNorm(p, linear(p, flat, 'predictor.in'), 'predictor.inNorm'));
      for (const i of numbers) {
        const inner = geluTanh(linear(p, layerNorm(p, h, `predictor.r${i}.norm`), `predictor.r${i}.up`));
        h = tf.add(h, linear(p, inner, `predictor.r${i}.down`));
      }
      const change = linear(p, layerNorm(p, h, 'predictor.outNorm'), 'predictor.out');
      return tf.add(newest(latents), change) as tf.Tensor2D;
    },
  };
}

/** `[S, T, D]` -> `[S, D]`. */
function newest(latents: tf.Tensor3D): tf.Tensor {
  const [samples, length, dim] = latents.shape;
  return tf.reshape(tf.slice(latents, [0, length - 1, 0], [samples, 1, dim]), [samples, dim]);
}
