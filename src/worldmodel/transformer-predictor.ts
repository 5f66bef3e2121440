import { attended, blockSpec, perceptron } from '../compute/block.ts';
import { layerNorm, linear, linearSpec, normSpec, type ParamSpecs, param, plainNorm, silu } from '../compute/layers.ts';
import { projector, projectorSpec } from '../compute/projector.ts';
import { tf } from '../compute/tf.ts';
import type { Predictor } from './predictor.ts';

export type TransformerPredictorOptions = {
  readonly latentDim: number;
  readonly blockSize: number;
  readonly contextLength?: number;
  /** Latents that a step looks back on where there are so many, imagined ones among them: at least `contextLength`. */
  readonly window?: number;
  readonly layers?: number;
  readonly heads?: number;
  readonly headSize?: number;
  /** Widths inside the blocks' perceptrons, of the projector, and what a block of actions is squeezed into first. */
  readonly hidden?: number;
  readonly projector?: number;
  readonly squeezed?: number;
  readonly projectorNorm?: boolean;
};

/** Of the norms without weights that the actions modulate. */
const PLAIN_EPSILON = 1e-6;

/**
 * A causal transformer over the window, each step modulated by its actions (AdaLN-zero, arXiv 2212.09748), as in LeWM (arXiv 2603.19312):
 * blocks begin as the identity, and attention and perceptron each have a norm of their own besides. LeWM's own: window 3, 6 layers, 16 heads
 * of 64, hidden and projector 2048.
 */
export function transformerPredictor({
  latentDim: width,
  blockSize,
  contextLength = 1,
  window = Math.max(3, contextLength),
  layers = 2,
  heads = 4,
  headSize = 32,
  hidden = 4 * width,
  projector: wide = 4 * width,
  squeezed = 10,
  projectorNorm = true,
}: TransformerPredictorOptions): Predictor {
  if (window < contextLength) throw new RangeError(`window must be at least ${contextLength}, got ${window}`);
  const blocks = Array.from({ length: layers }, (_, i) => `predictor.b${i}`);
  const params: ParamSpecs = Object.assign(
    {
      'predictor.places': { shape: [1, window, width], init: { normal: 1 } },
      ...linearSpec('predictor.squeeze', blockSize, squeezed),
      ...linearSpec('predictor.widen', squeezed, 4 * width),
      ...linearSpec('predictor.action', 4 * width, width),
    },
    ...blocks.map((name) => ({
      ...linearSpec(`${name}.modulate`, width, 6 * width, 0),
      ...blockSpec(name, width, hidden, heads * headSize),
    })),
    normSpec('predictor.norm', width),
    projectorSpec('predictor.project', { inputs: width, hidden: wide, outputs: width, norm: projectorNorm }),
  );

  return {
    params,
    contextLength,
    window,
    predict(p, latents, actions) {
      const [samples, length] = latents.shape;
      const places = tf.slice(param(p, 'predictor.places'), [0, 0, 0], [1, length, width]);
      const told = linear(
        p,
        silu(linear(p, linear(p, actions, 'predictor.squeeze'), 'predictor.widen')),
        'predictor.action',
      );
      const mask = causal(length);
      let x: tf.Tensor = tf.add(latents, places);
      for (const name of blocks) {
        const [shift1, scale1, gate1, shift2, scale2, gate2] = tf.split(
          linear(p, silu(told), `${name}.modulate`),
          6,
          2,
        );
        const modulated = (scale: tf.Tensor, shift: tf.Tensor) =>
          tf.add(tf.mul(plainNorm(x, PLAIN_EPSILON), tf.add(scale, 1)), shift);
        x = tf.add(x, tf.mul(gate1!, attended(p, modulated(scale1!, shift1!), name, { heads, mask })));
        x = tf.add(x, tf.mul(gate2!, perceptron(p, modulated(scale2!, shift2!), name)));
      }
      const last = tf.reshape(tf.slice(x, [0, length - 1, 0], [samples, 1, width]), [samples, width]);
      return projector(p, layerNorm(p, last, 'predictor.norm'), 'predictor.project', projectorNorm) as tf.Tensor2D;
    },
  };
}

/** Added to scores `[T, T]`: nobody looks ahead. */
function causal(length: number): tf.Tensor | undefined {
  if (length === 1) return undefined;
  const rows = Array.from({ length }, (_, row) => Array.from({ length }, (_, column) => (column > row ? -1e9 : 0)));
  return tf.tensor2d(rows);
}
