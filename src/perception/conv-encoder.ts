import { conv2d, convSpec, geluTanh, layerNorm, linear, linearSpec, normSpec } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';
import type { Encoder } from './encoder.ts';

export type ConvOptions = {
  readonly imageSize?: number;
  readonly latentDim?: number;
  /** Pixels per side of the patches that the first layer sees; they do not overlap. */
  readonly patch?: number;
  /** Width after the patches, then after each convolution, which halves the picture. */
  readonly channels?: readonly number[];
  readonly hidden?: number;
};

/** Side of the filters behind the patches; neighbours overlap, so that shapes are seen alike wherever they lie. */
const FILTER = 3;

/**
 * Small patches, then overlapping convolutions, each followed by a norm along the channels, then two linear layers. The last one has no norm, so
 * that SIGReg may shape the latents freely.
 */
export function convEncoder({
  imageSize = 64,
  latentDim = 64,
  patch = 4,
  channels = [64, 128, 256],
  hidden = 256,
}: ConvOptions = {}): Encoder {
  const shrink = patch * 2 ** (channels.length - 1);
  if (imageSize % shrink !== 0) {
    throw new RangeError(`imageSize must be a multiple of ${shrink} (patch x 2^convolutions), got ${imageSize}`);
  }
  const flat = (imageSize / shrink) ** 2 * channels.at(-1)!;
  const params = Object.assign(
    {},
    ...channels.map((width, i) => ({
      ...convSpec(`encoder.c${i}`, i === 0 ? patch : FILTER, i === 0 ? 3 : channels[i - 1]!, width),
      ...normSpec(`encoder.n${i}`, width),
    })),
    linearSpec('encoder.hidden', flat, hidden),
    normSpec('encoder.hiddenNorm', hidden),
    linearSpec('encoder.latent', hidden, latentDim),
  );

  return {
    params,
    latentDim,
    imageSize,
    encode(p, pixels) {
      const seen = channels.reduce<tf.Tensor>(
        (x, _, i) =>
          geluTanh(layerNorm(p, conv2d(p, x, `encoder.c${i}`, { stride: i === 0 ? patch : 2 }), `encoder.n${i}`)),
        pixels,
      );
      const rows = tf.reshape(seen, [pixels.shape[0], flat]);
      const summary = geluTanh(layerNorm(p, linear(p, rows, 'encoder.hidden'), 'encoder.hiddenNorm'));
      return linear(p, summary, 'encoder.latent') as tf.Tensor2D;
    },
  };
}
