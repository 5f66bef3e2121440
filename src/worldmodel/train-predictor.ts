import type { Engine } from '../compute/engine.ts';
import type { tf } from '../compute/tf.ts';
import { latentClips, type Source } from './frozen.ts';
import { buildModel, type ModelConfig } from './model.ts';
import { missed, predictionOf, rolled, type View } from './objectives/objective.ts';
import { type HeadHooks, type HeadOptions, trainHead } from './train-head.ts';

export type PredictorTraining = HeadOptions & {
  /** Latents in a clip: all but those looked back on are foretold, each from what was foretold before. */
  readonly clip: number;
};

export const predictorDefaults: PredictorTraining = { steps: 0, batch: 64, learningRate: 5e-4, clip: 7, seed: 1 };

/**
 * Learns on with the predictor alone, on latents that no longer change: without pictures to look at, many times as many clips in the same
 * time, foretold as far as plans look ahead. Every batch comes from one of the sources, each as often.
 */
export function trainPredictor(
  engine: Engine,
  sources: readonly Source[],
  config: ModelConfig,
  start: Readonly<Record<string, Float32Array>>,
  options: PredictorTraining,
  hooks?: HeadHooks,
): Promise<Record<string, Float32Array>> {
  const { predictor, encoder } = buildModel(config);
  const { clip, batch } = options;
  if (clip <= predictor.contextLength)
    throw new RangeError(`clip must be above the context length (${predictor.contextLength}), got ${clip}`);
  const blockSize = config.frameskip * config.action.mean.length;
  const head = {
    params: predictor.params,
    start,
    inputs: { latents: [clip * batch, encoder.latentDim], blocks: [(clip - 1) * batch, blockSize] },
    loss: (params: View['params'], inputs: View['inputs']) => {
      const latents = inputs.latents as tf.Tensor2D;
      const steps = rolled({ predictor, params, inputs, clip, batch }, latents);
      return { total: predictionOf(steps, missed({ clip, batch }, latents)).prediction };
    },
  };
  const draws = sources.map(({ dataset, frozen }) => latentClips(dataset, frozen, config, { clip, batch }));
  return trainHead(
    engine,
    'predictor',
    head,
    options,
    (random) => draws[random.integer(draws.length)]!(random.fork('clips')),
    hooks,
  );
}
