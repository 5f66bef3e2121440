import type { Tensors } from '../compute/engine.ts';
import { geluTanh, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';

/**
 * Mode 1: a goal-conditioned policy on frozen latents, which says what to do now to be there in so many blocks. It foresees no
 * consequences and heeds no cost: alone it is a reflex, among candidates a prior. GC-IDM, arXiv 2605.08732.
 */
export interface Reflex {
  readonly params: ParamSpecs;
  /** `[N, D]`, `[N, D]`, blocks to go `[N, 1]` -> normalised blocks `[N, B]`. */
  act(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D, remaining: tf.Tensor2D): tf.Tensor2D;
}

export type ReflexOptions = {
  readonly latentDim: number;
  readonly blockSize: number;
  readonly hidden?: number;
  readonly layers?: number;
};

/** Frequencies of the sinusoid that tells the blocks to go. */
const WAVES = 8;

/** Layers with norms, each shifted and scaled by the time that is left; that begins as no change. */
export function mlpReflex({ latentDim, blockSize, hidden = 512, layers = 3 }: ReflexOptions): Reflex {
  const numbers = Array.from({ length: layers }, (_, i) => i);
  return {
    params: Object.assign(
      {},
      ...numbers.map((i) => ({
        ...linearSpec(`reflex.l${i}`, i === 0 ? 3 * latentDim : hidden, hidden),
        ...normSpec(`reflex.n${i}`, hidden),
        ...linearSpec(`reflex.time${i}`, 2 * WAVES, 2 * hidden, 0),
      })),
      linearSpec('reflex.out', hidden, blockSize, 0.1),
    ),
    act(p, from, to, remaining) {
      const time = waves(remaining);
      let h: tf.Tensor = tf.concat([from, to, tf.sub(to, from)], 1);
      for (const i of numbers) {
        const [scale, shift] = tf.split(linear(p, time, `reflex.time${i}`), 2, 1) as [tf.Tensor, tf.Tensor];
        const unit = layerNorm(p, linear(p, h, `reflex.l${i}`), `reflex.n${i}`);
        h = geluTanh(tf.add(tf.mul(unit, tf.add(scale, 1)), shift));
      }
      return linear(p, h, 'reflex.out') as tf.Tensor2D;
    },
  };
}

/** `[N, 1]` -> `[N, 2 * WAVES]`. */
function waves(remaining: tf.Tensor2D): tf.Tensor2D {
  const rates = tf.tensor2d(
    Array.from({ length: WAVES }, (_, i) => 2 ** -i * Math.PI),
    [1, WAVES],
  );
  const angles = tf.matMul(remaining, rates);
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D;
}

/** Mean squared error of the recorded blocks. Inputs `from`, `to` `[N, D]`, `remaining` `[N, 1]`, `block` `[N, B]`. */
export function reflexLoss(reflex: Reflex) {
  return (params: Tensors, { from, to, remaining, block }: Tensors) => ({
    total: tf.mean(
      tf.squaredDifference(
        reflex.act(params, from as tf.Tensor2D, to as tf.Tensor2D, remaining as tf.Tensor2D),
        block!,
      ),
    ) as tf.Scalar,
  });
}
