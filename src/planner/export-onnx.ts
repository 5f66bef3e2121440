import type { Specs, TensorFunction } from '../compute/engine.ts';
import { trace } from '../compute/trace.ts';
import { normalisePixels } from '../perception/preprocess.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { buildModel, shapesOf } from '../worldmodel/model.ts';
import { type CostChoice, costTerms, costWeights } from './costs.ts';
import { futures } from './futures.ts';
import { planShape } from './open-imagination.ts';

export type ExportOptions = {
  /** Candidates judged at a time, `S`, and blocks looked ahead, `H`. */
  readonly samples: number;
  readonly horizon: number;
  readonly cost: CostChoice;
};

/** An ONNX file, and what goes in and comes out. */
export type Exported = {
  readonly bytes: Uint8Array;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
};

/**
 * A checkpoint as three ONNX files with its weights in them, for any ONNX Runtime:
 * `encoder`: `pixels` `[1, h, w, 3]` bytes -> `latent` `[1, D]`; `rollout`: `latent<t>` `[1, D]`, `block<t>` `[1, B]`, `candidates`
 * `[S, H, B]` (normalised) -> `latents` `[S, H, D]`; `cost`: the same and `goal` `[D]` -> `costs` `[S]`. A pretrained encoder is such
 * a file already, in the checkpoint; its rows are to be brought to `encoder.mean` and `encoder.std`.
 */
export function exportOnnx(
  { config, params }: Checkpoint,
  { samples, horizon, cost }: ExportOptions,
): Readonly<Partial<Record<'encoder', Exported>> & Record<'rollout' | 'cost', Exported>> {
  const model = buildModel(config);
  const { encoder } = model;
  const shape = planShape(config, horizon);
  const weights = costWeights(cost, model, config);
  const costs = costTerms(weights, model, config);
  const rollout = futures(model, config, shape, samples);
  const judged = futures(model, config, shape, samples, { costs });
  const side = config.imageSize;
  const seen = { ...shapesOf(encoder.params), pixelMean: [side, side, 3] };
  const given = { ...params, costWeights: Float32Array.from(Object.values(weights)) };
  return {
    ...(!encoder.frozen && {
      encoder: filled(
        (all) => ({ latent: encoder.encode(all, normalisePixels(all.pixels!, all.pixelMean!)) }),
        { ...seen, pixels: { shape: [1, side, side, 3], dtype: 'uint8' } },
        given,
      ),
    }),
    rollout: filled(rollout.fn, rollout.specs, given),
    cost: filled(judged.fn, judged.specs, given),
  };
}

/** Traces a function with all inputs that `given` has as constants. */
function filled(fn: TensorFunction, specs: Specs, given: Readonly<Record<string, Float32Array>>): Exported {
  const { bytes, inputs, outputs } = trace(fn, specs, given);
  const shapes = (ports: typeof inputs | typeof outputs) =>
    Object.fromEntries(ports.map(({ name, shape }) => [name, shape]));
  return { bytes, inputs: shapes(inputs), outputs: shapes(outputs) };
}
