import type { PictureGraph } from '../compute/onnx-file.ts';
import type { Encoder } from './encoder.ts';

/** Bytes / 255 are normalised by these, channel by channel. */
export type PictureScale = { readonly mean: readonly number[]; readonly std: readonly number[] };

/** What pretrained encoders were trained with; `bytes` gives them 0..255. */
export const pictureScales: Readonly<Record<string, PictureScale>> = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  unit: { mean: [0, 0, 0], std: [1, 1, 1] },
  bytes: { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] },
};

/** Pictures of bytes `[count, S, S, 3]` as a graph takes them. */
export function picturesFor(
  bytes: Uint8Array,
  { layout, dtype, imageSize }: PictureGraph,
  { mean, std }: PictureScale,
): Float32Array | Uint8Array {
  const area = imageSize * imageSize;
  const made = dtype === 'uint8' ? new Uint8Array(bytes.length) : new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const channel = i % 3;
    const picture = Math.floor(i / (3 * area));
    const at = layout === 'nhwc' ? i : picture * 3 * area + channel * area + (Math.floor(i / 3) % area);
    made[at] = dtype === 'uint8' ? bytes[i]! : (bytes[i]! / 255 - mean[channel]!) / std[channel]!;
  }
  return made;
}

export type OnnxEncoderOptions = PictureScale & {
  readonly imageSize: number;
  readonly latentDim: number;
  /** Where the graph is on disk. */
  readonly file: string;
};

/**
 * A pretrained encoder that stays as it is, as in DINO-WM (arXiv 2411.04983): a graph from elsewhere, whose rows are brought to mean 0
 * and spread 1, number by number, over the training episodes. It is run by `createEmbedder`, never within a tensor function.
 */
export function onnxEncoder({ imageSize, latentDim, file, mean, std }: OnnxEncoderOptions): Encoder {
  return {
    params: {
      'encoder.mean': { shape: [latentDim], init: 'zeros' },
      'encoder.std': { shape: [latentDim], init: 'ones' },
    },
    latentDim,
    imageSize,
    encode() {
      throw new RangeError('a frozen encoder is a graph of its own, and no tensor function');
    },
    frozen: { file, scale: { mean, std } },
  };
}
