import { geluTanh, layerNorm, linear, linearSpec, normSpec } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';
import type { Encoder } from './encoder.ts';
import { tiles } from './tiles.ts';

export type PatchMergeOptions = {
  readonly imageSize?: number;
  readonly latentDim?: number;
  /** Pixels per side of a patch. */
  readonly patch?: number;
  /** Width after the patches, then after each 2 x 2 merge. */
  readonly channels?: readonly number[];
  readonly hidden?: number;
};

/**
 * Patches, then 2 x 2 merges, each a linear layer: a convolutional pyramid without overlap, hence plain matrix products.
 * The last layer is linear, without a norm, so that SIGReg may shape the latents freely.
 */
export function patchMergeEncoder({
  imageSize = 64,
  latentDim = 64,
  patch = 8,
  channels = [64, 128, 256],
  hidden = 256,
}: PatchMergeOptions = {}): Encoder {
  const merges = channels.length - 1;
  if (imageSize % (patch * 2 ** merges) !== 0) {
    throw new RangeError(`imageSize must be a multiple of ${patch * 2 ** merges} (patch x 2^merges), got ${imageSize}`);
  }
  const grid = imageSize / patch;
  const flat = (grid / 2 ** merges) ** 2 * channels.at(-1)!;
  const params = Object.assign(
    {},
    ...channels.map((width, i) => ({
      ...linearSpec(`encoder.c${i}`, i === 0 ? patch * patch * 3 : 4 * channels[i - 1]!, width),
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
      const count = pixels.shape[0];
      let x = tiles(pixels, imageSize, patch, 3);
      for (let i = 0; i < channels.length; i++) {
        if (i > 0) x = tiles(x, grid / 2 ** (i - 1), 2, channels[i - 1]!);
        x = geluTanh(layerNorm(p, linear(p, x, `encoder.c${i}`), `encoder.n${i}`));
      }
      const summary = geluTanh(
        layerNorm(p, linear(p, tf.reshape(x, [count, flat]), 'encoder.hidden'), 'encoder.hiddenNorm'),
      );
      return linear(p, summary, 'encoder.latent') as tf.Tensor2D;
    },
  };
}
