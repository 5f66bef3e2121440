import type { Tensors } from '../../compute/engine.ts';
import type { ParamSpecs } from '../../compute/layers.ts';
import { tf } from '../../compute/tf.ts';
import type { Encoder } from '../../perception/encoder.ts';
import { momentRows } from '../moments.ts';
import type { Predictor } from '../predictor.ts';

/** Clips as an objective looks at them; rows are time-major: all clips' first moments, then all their second ones, ... */
export type View = {
  readonly encoder: Encoder;
  readonly predictor: Predictor;
  readonly params: Tensors;
  /** `blocks` `[(C - 1) * N, B]`, `directions` `[D, M]`, and weights that follow others. */
  readonly inputs: Tensors;
  /** `[C * N, h, w, 3]`, normalised. */
  readonly pixels: tf.Tensor4D;
  /** `[C * N, D]`. */
  readonly latents: tf.Tensor2D;
  /** Frames in a clip, `C`, and clips, `N`. */
  readonly clip: number;
  readonly batch: number;
};

/** What is learnt by: `total` is minimised, the other terms are told. */
export type Losses = {
  readonly total: tf.Scalar;
  readonly prediction: tf.Scalar;
  readonly oneStep: tf.Scalar;
} & Readonly<Record<string, tf.Scalar>>;

export interface Objective {
  /** Weights that serve training alone. */
  readonly params: ParamSpecs;
  /** Weights that follow others: at every step they keep `share` of themselves. Inputs by their own name. */
  readonly followers?: { readonly share: number; readonly of: Readonly<Record<string, string>> };
  loss(view: View): Losses;
}

export type ObjectiveShape = { readonly latentDim: number; readonly imageSize: number };
export type MakeObjective = (
  shape: ObjectiveShape,
  encoder: Encoder,
  options: { readonly weight?: number },
) => Objective;

/** Latents imagined `depth` blocks ahead from every start there is: those of the moments from `from` on, `[(C - from) * N, D]`. */
export type Step = { readonly predicted: tf.Tensor2D; readonly from: number };

/** Every depth of rollout, from one block on; each feeds its predictions back and has one start fewer. */
export function rolled(
  { predictor, params, inputs, clip, batch }: Pick<View, 'predictor' | 'params' | 'inputs' | 'clip' | 'batch'>,
  latents: tf.Tensor2D,
): Step[] {
  const { contextLength: length, window: longest = length } = predictor;
  const moments = (x: tf.Tensor, from: number, to: number) => momentRows(x, batch, from, to);
  let window = Array.from({ length }, (_, t) => moments(latents, t, clip - length + t));
  return Array.from({ length: clip - length }, (_, i) => {
    const starts = clip - length - i;
    const oldest = length + i - window.length;
    const kept = window.map((x) => moments(x, 0, starts));
    const blocks = kept.map((_, t) => moments(inputs.blocks!, oldest + t, oldest + t + starts));
    const predicted = predictor.predict(params, tf.stack(kept, 1) as tf.Tensor3D, tf.stack(blocks, 1) as tf.Tensor3D);
    window = [...kept, predicted].slice(-longest);
    return { predicted, from: clip - starts };
  });
}

/** Every depth of rollout counts alike. */
export function predictionOf(
  steps: readonly Step[],
  error: (step: Step) => tf.Tensor,
): { readonly prediction: tf.Scalar; readonly oneStep: tf.Scalar } {
  const errors = steps.map(error) as tf.Scalar[];
  const sum = errors.reduce<tf.Tensor>((a, b) => tf.add(a, b), tf.scalar(0));
  return { prediction: tf.div(sum, errors.length) as tf.Scalar, oneStep: errors[0]! };
}

/** The latents of the moments that a step foretells. */
export const foretold = (
  { batch, clip }: Pick<View, 'batch' | 'clip'>,
  latents: tf.Tensor2D,
  { from }: Step,
): tf.Tensor2D => momentRows(latents, batch, from, clip);

/** How far imagined latents are from those that came: the mean squared difference, a step at a time. */
export const missed =
  (shape: Pick<View, 'batch' | 'clip'>, latents: tf.Tensor2D) =>
  (step: Step): tf.Tensor =>
    tf.mean(tf.squaredDifference(step.predicted, foretold(shape, latents, step)));

/** The same values, through which no gradient flows. */
export const stopped = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((value) => ({ value: tf.mul(value as tf.Tensor, 1), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }))(
    x,
  ) as T;
