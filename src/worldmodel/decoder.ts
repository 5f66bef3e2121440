import type { Tensors } from '../compute/engine.ts';
import { geluTanh, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';

/** Draws small pictures from latents. */
export interface Decoder {
  readonly params: ParamSpecs;
  /** `[N, D]` -> `[N, side * side * 3]`, normalised pixels. */
  draw(params: Tensors, latents: tf.Tensor2D): tf.Tensor2D;
  /** Pictures made as small as those, `[N, h, w, 3]` -> `[N, side * side * 3]`. */
  shrink(pixels: tf.Tensor4D): tf.Tensor2D;
}

export type DecoderOptions = {
  readonly latentDim: number;
  readonly imageSize: number;
  /** Pixels per side of what it draws. */
  readonly side?: number;
  readonly hidden?: number;
};

export function mlpDecoder({ latentDim, imageSize, side = 16, hidden = 512 }: DecoderOptions): Decoder {
  if (imageSize % side !== 0) throw new RangeError(`imageSize must be a multiple of ${side}, got ${imageSize}`);
  const cell = imageSize / side;
  return {
    params: {
      ...linearSpec('decoder.in', latentDim, hidden),
      ...normSpec('decoder.norm', hidden),
      ...linearSpec('decoder.out', hidden, side * side * 3),
    },
    draw: (p, latents) =>
      linear(p, geluTanh(layerNorm(p, linear(p, latents, 'decoder.in'), 'decoder.norm')), 'decoder.out') as tf.Tensor2D,
    shrink: (pixels) => tf.reshape(tf.avgPool(pixels, cell, cell, 'valid'), [pixels.shape[0], -1]) as tf.Tensor2D,
  };
}
