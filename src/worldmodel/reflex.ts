import type { Tensors } from '../compute/engine.ts';
import { geluTanh, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';

/**
 * Mode 1: a goal-conditioned policy on frozen latents, which says what to do now to be there in so many blocks. It foresees no
 * consequences and heeds no cost: alone it is a reflex, among candidates a prior. GC-IDM, arXiv 2605.08732.
 */
export interface Reflex {
  readonly params: ParamSpecs;
  /** How many ways to go it tells apart, `M`. */
  readonly modes: number;
  /** `[N, D]`, `[N, D]`, blocks to go `[N, 1]` -> normalised blocks `[N, B]`: the likeliest way. */
  act(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D, remaining: tf.Tensor2D): tf.Tensor2D;
  /** The same -> every way, `[N, M, B]`, and how likely it is, log-probabilities `[N, M]`. */
  ways(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D, remaining: tf.Tensor2D): Ways;
}

export type Ways = { readonly blocks: tf.Tensor3D; readonly likely: tf.Tensor2D };

export type ReflexOptions = {
  readonly latentDim: number;
  readonly blockSize: number;
  readonly hidden?: number;
  readonly layers?: number;
  /** Ways to go that are told apart: where there are two ways round a thing, their average is none. 1 unless given. */
  readonly modes?: number | undefined;
};

/** Frequencies of the sinusoid that tells the blocks to go. */
const WAVES = 8;

/** How far recordings are from the way they took, at the start of learning: a natural logarithm. */
const APART = -1;

/** Layers with norms, each shifted and scaled by the time that is left; that begins as no change. */
export function mlpReflex({ latentDim, blockSize, hidden = 512, layers = 3, modes = 1 }: ReflexOptions): Reflex {
  const numbers = Array.from({ length: layers }, (_, i) => i);
  const ways: Reflex['ways'] = (p, from, to, remaining) => {
    const time = waves(remaining);
    let h: tf.Tensor = tf.concat([from, to, tf.sub(to, from)], 1);
    for (const i of numbers) {
      const [scale, shift] = tf.split(linear(p, time, `reflex.time${i}`), 2, 1) as [tf.Tensor, tf.Tensor];
      const unit = layerNorm(p, linear(p, h, `reflex.l${i}`), `reflex.n${i}`);
      h = geluTanh(tf.add(tf.mul(unit, tf.add(scale, 1)), shift));
    }
    const blocks = tf.reshape(linear(p, h, 'reflex.out'), [-1, modes, blockSize]) as tf.Tensor3D;
    const likely = modes === 1 ? tf.zeros([from.shape[0], 1]) : tf.logSoftmax(linear(p, h, 'reflex.mode'));
    return { blocks, likely: likely as tf.Tensor2D };
  };
  return {
    modes,
    ways,
    params: Object.assign(
      {},
      ...numbers.map((i) => ({
        ...linearSpec(`reflex.l${i}`, i === 0 ? 3 * latentDim : hidden, hidden),
        ...normSpec(`reflex.n${i}`, hidden),
        ...linearSpec(`reflex.time${i}`, 2 * WAVES, 2 * hidden, 0),
      })),
      linearSpec('reflex.out', hidden, modes * blockSize, 0.1),
      modes > 1 && {
        ...linearSpec('reflex.mode', hidden, modes, 0.1),
        'reflex.apart': { shape: [1], init: 'zeros' as const },
      },
    ),
    act(p, from, to, remaining) {
      const { blocks, likely } = ways(p, from, to, remaining);
      return tf.sum(tf.mul(blocks, tf.expandDims(likeliest(likely), 2)), 1) as tf.Tensor2D;
    },
  };
}

/** Log-probabilities `[N, M]` -> 1 at the greatest of each row, else 0. */
export const likeliest = (likely: tf.Tensor2D): tf.Tensor2D =>
  tf.step(tf.add(tf.sub(likely, tf.max(likely, 1, true)), 1e-9)) as tf.Tensor2D;

/** `[N, 1]` -> `[N, 2 * WAVES]`. */
function waves(remaining: tf.Tensor2D): tf.Tensor2D {
  const rates = tf.tensor2d(
    Array.from({ length: WAVES }, (_, i) => 2 ** -i * Math.PI),
    [1, WAVES],
  );
  const angles = tf.matMul(remaining, rates);
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D;
}

/**
 * Mean squared error of the recorded blocks; with several ways, how unlikely they are in a mixture of normals about them, per number
 * (mixture density networks, Bishop, 1994). Inputs `from`, `to` `[N, D]`, `remaining` `[N, 1]`, `block` `[N, B]`.
 */
export function reflexLoss(reflex: Reflex) {
  return (params: Tensors, inputs: Tensors) => {
    const [from, to, remaining] = [inputs.from, inputs.to, inputs.remaining] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const { blocks, likely } = reflex.ways(params, from, to, remaining);
    const errors = tf.mean(tf.squaredDifference(blocks, tf.expandDims(inputs.block!, 1)), 2);
    if (reflex.modes === 1) return { total: tf.mean(errors) as tf.Scalar };
    const size = blocks.shape[2];
    const apart = tf.add(params['reflex.apart']!, APART);
    const near = tf.mul(errors, tf.mul(tf.exp(tf.mul(apart, -2)), size / 2));
    const each = tf.sub(likely, near);
    const most = tf.max(each, 1, true);
    const all = tf.add(tf.log(tf.sum(tf.exp(tf.sub(each, most)), 1, true)), most);
    return { total: tf.add(tf.neg(tf.div(tf.mean(all), size)), tf.reshape(apart, [])) as tf.Scalar };
  };
}
