import { conv2d, convSpec, geluTanh, layerNorm, linear, linearSpec, normSpec } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';
import type { Encoder } from './encoder.ts';
import { tiles } from './tiles.ts';

export type KeypointOptions = {
  readonly imageSize?: number;
  readonly latentDim?: number;
  /** Pixels between the places that are looked at. */
  readonly patch?: number;
  /** Width after the patches, then after each convolution; the last are the keypoints. */
  readonly channels?: readonly number[];
  readonly hidden?: number;
};

/** Sides of the filters: in patches at first, then in places. */
const PATCHES = 2;
const FILTER = 3;
/** How sharply a keypoint begins to choose its place. */
const SHARPNESS = 3;

/**
 * Where things are, not what colour they have: every last channel is a map of how much a place looks like a keypoint, and its
 * mean place (softmax over the picture) is what is told. Turns and shifts of a shape are then nearly linear in what the latent
 * is made of. Spatial softmax: Levine et al., arXiv 1504.00702; Finn et al., arXiv 1509.06113.
 */
export function keypointEncoder({
  imageSize = 64,
  latentDim = 64,
  patch = 4,
  channels = [64, 64, 64],
  hidden = 256,
}: KeypointOptions = {}): Encoder {
  if (imageSize % patch !== 0) {
    throw new RangeError(`imageSize must be a multiple of ${patch} (patch), got ${imageSize}`);
  }
  const grid = imageSize / patch;
  const points = channels.at(-1)!;
  const last = channels.length - 1;
  const params = Object.assign(
    {},
    ...channels.map((width, i) => ({
      ...convSpec(
        `encoder.c${i}`,
        i === 0 ? PATCHES : FILTER,
        i === 0 ? 3 * patch ** 2 : channels[i - 1]!,
        width,
        i === last ? SHARPNESS : 1,
      ),
      ...(i < last ? normSpec(`encoder.n${i}`, width) : {}),
    })),
    linearSpec('encoder.hidden', 2 * points, hidden),
    normSpec('encoder.hiddenNorm', hidden),
    linearSpec('encoder.latent', hidden, latentDim),
  );
  /** Places of the grid, `[grid * grid, 2]`, in -1..1. */
  const places = Array.from({ length: grid * grid }, (_, i) =>
    [i % grid, Math.floor(i / grid)].map((cell) => (2 * cell + 1) / grid - 1),
  );

  return {
    params,
    latentDim,
    imageSize,
    encode(p, pixels) {
      const count = pixels.shape[0];
      let x: tf.Tensor = tf.reshape(tiles(pixels, imageSize, patch, 3), [count, grid, grid, 3 * patch ** 2]);
      for (let i = 0; i <= last; i++) {
        x = conv2d(p, x, `encoder.c${i}`);
        if (i < last) x = geluTanh(layerNorm(p, x, `encoder.n${i}`));
      }
      const maps = tf.transpose(tf.reshape(x, [count, grid * grid, points]), [0, 2, 1]);
      const shares = tf.reshape(tf.softmax(maps), [count * points, grid * grid]);
      const where = tf.reshape(tf.matMul(shares, tf.tensor2d(places)), [count, 2 * points]);
      const summary = geluTanh(layerNorm(p, linear(p, where, 'encoder.hidden'), 'encoder.hiddenNorm'));
      return linear(p, summary, 'encoder.latent') as tf.Tensor2D;
    },
  };
}
