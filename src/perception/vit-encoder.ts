import { attended, blockSpec, perceptron } from '../compute/block.ts';
import { conv2d, convSpec, layerNorm, normSpec, type ParamSpecs, param } from '../compute/layers.ts';
import { projector, projectorSpec } from '../compute/projector.ts';
import { tf } from '../compute/tf.ts';
import type { Encoder } from './encoder.ts';

export type VitOptions = {
  readonly imageSize?: number;
  readonly latentDim?: number;
  /** Pixels per side of a patch. */
  readonly patch?: number;
  readonly width?: number;
  readonly layers?: number;
  readonly heads?: number;
  /** Width inside the blocks' perceptrons. */
  readonly hidden?: number;
  /** Width of the projector, and whether it has a norm of its own. */
  readonly projector?: number;
  readonly projectorNorm?: boolean;
};

/** Of the layer norms, as Hugging Face's ViT has it. */
const EPSILON = 1e-12;
/** Spread of the learned token and places at the start. */
const SPREAD = 0.02;

/**
 * A vision transformer (arXiv 2010.11929) with pre-norm blocks; what its class token says is projected to the latent, as in LeWM
 * (arXiv 2603.19312): a final norm would pin latents to a sphere, against SIGReg. LeWM's own: 224 px, patches of 14, width 192,
 * 12 layers, 3 heads, hidden 768, projector 2048.
 */
export function vitEncoder({
  imageSize = 64,
  latentDim = 64,
  patch = 8,
  width = 96,
  layers = 4,
  heads = 3,
  hidden = 4 * width,
  projector: wide = 4 * width,
  projectorNorm = true,
}: VitOptions = {}): Encoder {
  if (imageSize % patch !== 0)
    throw new RangeError(`imageSize must be a multiple of patch (${patch}), got ${imageSize}`);
  if (width % heads !== 0) throw new RangeError(`heads must divide the width ${width}, got ${heads}`);
  const places = (imageSize / patch) ** 2;
  const blocks = Array.from({ length: layers }, (_, i) => `encoder.b${i}`);
  const params: ParamSpecs = Object.assign(
    {
      ...convSpec('encoder.patch', patch, 3, width),
      'encoder.token': { shape: [1, 1, width], init: { normal: SPREAD } },
      'encoder.places': { shape: [1, places + 1, width], init: { normal: SPREAD } },
    },
    ...blocks.map((name) => blockSpec(name, width, hidden)),
    normSpec('encoder.norm', width),
    projectorSpec('encoder.project', { inputs: width, hidden: wide, outputs: latentDim, norm: projectorNorm }),
  );

  return {
    params,
    latentDim,
    imageSize,
    encode(p, pixels) {
      const count = pixels.shape[0];
      const patches = conv2d(p, pixels, 'encoder.patch', { stride: patch, pad: 'valid' });
      const tokens = tf.reshape(patches, [count, places, width]);
      const token = tf.tile(param(p, 'encoder.token'), [count, 1, 1]);
      let x = tf.add(tf.concat([token, tokens], 1), param(p, 'encoder.places'));
      for (const name of blocks) {
        x = tf.add(x, attended(p, x, name, { heads, epsilon: EPSILON }));
        x = tf.add(x, perceptron(p, x, name, EPSILON));
      }
      const said = tf.reshape(tf.slice(x, [0, 0, 0], [count, 1, width]), [count, width]);
      return projector(p, layerNorm(p, said, 'encoder.norm', EPSILON), 'encoder.project', projectorNorm) as tf.Tensor2D;
    },
  };
}
