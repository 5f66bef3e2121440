import type { Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Encoder } from '../perception/encoder.ts';
import { normalisePixels } from '../perception/preprocess.ts';
import type { Auxiliary } from './auxiliaries/auxiliary.ts';
import { momentRows } from './moments.ts';
import type { Predictor } from './predictor.ts';
import type { Regularizer } from './regularizers.ts';

export type ObjectiveOptions = {
  readonly encoder: Encoder;
  readonly predictor: Predictor;
  readonly regularizer: Regularizer;
  /** By name, with their weights in the sum. */
  readonly auxiliaries?: Readonly<Record<string, { readonly weight: number; readonly auxiliary: Auxiliary }>>;
  /** Frames per clip, `C`; the first `T` are context. */
  readonly clip: number;
  /** Clips per batch, `N`. */
  readonly batch: number;
};

export type Losses = { total: tf.Scalar; prediction: tf.Scalar; oneStep: tf.Scalar; regularizer: tf.Scalar } & Record<
  string,
  tf.Scalar
>;

/**
 * The two-term JEPA loss of LeWM: prediction in latent space, teacher-free, plus a regularizer against collapse; and whatever
 * auxiliaries are asked for.
 * Inputs: `pixels` `[C * N, h, w, 3]` (time-major bytes), `pixelMean` `[h, w, 3]`, `blocks` `[(C - 1) * N, B]`, and
 * what the regularizer needs. Gradient reaches the encoder through contexts and targets. Every depth of rollout from
 * one step to `C - T` steps counts alike.
 */
export function objective({ encoder, predictor, regularizer, auxiliaries = {}, clip, batch }: ObjectiveOptions) {
  const length = predictor.contextLength;
  if (clip <= length) throw new RangeError(`clip must be above the context length (${length}), got ${clip}`);

  return (params: Tensors, inputs: Tensors): Losses => {
    const latents = encoder.encode(params, normalisePixels(inputs.pixels!, inputs.pixelMean!));
    const moments = (x: tf.Tensor, from: number, to: number) => momentRows(x, batch, from, to);

    // Windows that start at moments 0, 1, ...; each depth feeds predictions back and has one start fewer.
    let window = Array.from({ length }, (_, t) => moments(latents, t, clip - length + t));
    const errors: tf.Scalar[] = [];
    for (let depth = 1; depth <= clip - length; depth++) {
      const starts = clip - length - depth + 1;
      const kept = window.map((x) => moments(x, 0, starts));
      const blocks = kept.map((_, t) => moments(inputs.blocks!, depth - 1 + t, depth - 1 + t + starts));
      const next = predictor.predict(params, tf.stack(kept, 1) as tf.Tensor3D, tf.stack(blocks, 1) as tf.Tensor3D);
      errors.push(tf.mean(tf.squaredDifference(next, moments(latents, clip - starts, clip))) as tf.Scalar);
      window = [...kept.slice(1), next];
    }
    const prediction = tf.div(
      errors.reduce((sum, e) => tf.add(sum, e)),
      errors.length,
    ) as tf.Scalar;
    const penalty = regularizer(tf.reshape(latents, [clip, batch, -1]) as tf.Tensor3D, inputs);
    const clips = { latents, blocks: inputs.blocks as tf.Tensor2D, clip, batch };
    const further = Object.entries(auxiliaries).map(
      ([name, { weight, auxiliary }]) => [name, weight, auxiliary.loss(params, clips)] as const,
    );
    const total = further.reduce<tf.Scalar>(
      (sum, [, weight, term]) => tf.add(sum, tf.mul(term, weight)),
      tf.add(prediction, penalty),
    );
    const terms = Object.fromEntries(further.map(([name, , term]) => [name, term]));
    return { total, prediction, oneStep: errors[0]!, regularizer: penalty, ...terms };
  };
}
