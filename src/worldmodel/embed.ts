import type { Engine, Inputs } from '../compute/engine.ts';
import type { tf } from '../compute/tf.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Encoder } from '../perception/encoder.ts';
import { normalisePixels } from '../perception/preprocess.ts';
import { shapesOf } from './model.ts';

/** Pictures in, latents out, `batch` at a time. */
export interface Embedder {
  /** Weights and `pixelMean`, from now on. */
  load(params: Inputs): void;
  /** `[count, h, w, 3]` bytes -> `[count, D]`. */
  embed(pixels: Uint8Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export async function createEmbedder(engine: Engine, encoder: Encoder, batch: number): Promise<Embedder> {
  const { imageSize, latentDim } = encoder;
  const size = imageSize * imageSize * 3;
  const names = [...Object.keys(encoder.params), 'pixelMean'];
  const specs = {
    ...shapesOf(encoder.params),
    pixelMean: [imageSize, imageSize, 3],
    pixels: { shape: [batch, imageSize, imageSize, 3], dtype: 'uint8' as const },
  };
  const program = await engine.compile(
    (all) => ({ latents: encoder.encode(all, normalisePixels(all.pixels!, all.pixelMean!)) as tf.Tensor }),
    specs,
  );
  let pending: Inputs = {};
  return {
    load(params) {
      pending = Object.fromEntries(names.map((name) => [name, params[name]!]));
    },
    async embed(pixels) {
      const count = pixels.length / size;
      const latents = new Float32Array(count * latentDim);
      for (let from = 0; from < count; from += batch) {
        const some = pixels.subarray(from * size, Math.min(count, from + batch) * size);
        let full = some;
        if (some.length < batch * size) {
          full = new Uint8Array(batch * size);
          full.set(some);
        }
        const outputs = await program.run({ ...pending, pixels: full });
        pending = {};
        latents.set(outputs.latents!.subarray(0, (some.length / size) * latentDim), from * latentDim);
      }
      return latents;
    },
    dispose: () => program.dispose(),
  };
}

/** A moment of a recording that has a frame. */
export type Moment = { readonly episode: number; readonly step: number };

/** Every moment with a frame of episodes `from` (included) to `to` (excluded). */
export function momentsOf(dataset: Dataset, from: number, to: number): Moment[] {
  const moments: Moment[] = [];
  for (let episode = from; episode < to; episode++) {
    for (let step = 0; step <= dataset.length(episode); step += dataset.meta.frameEvery)
      moments.push({ episode, step });
  }
  return moments;
}

/** Latents of moments, `[count, D]`, a bounded number of pictures at a time. */
export async function embedMoments(
  embedder: Embedder,
  dataset: Dataset,
  moments: readonly Moment[],
  latentDim: number,
): Promise<Float32Array> {
  const size = dataset.meta.width * dataset.meta.height * 3;
  const latents = new Float32Array(moments.length * latentDim);
  const group = 1024;
  for (let from = 0; from < moments.length; from += group) {
    const some = moments.slice(from, from + group);
    const pixels = new Uint8Array(some.length * size);
    some.forEach(({ episode, step }, i) => {
      dataset.readFrame(episode, step, pixels, i * size);
    });
    latents.set(await embedder.embed(pixels), from * latentDim);
  }
  return latents;
}
