import { readFileSync } from 'node:fs';
import type { Engine, Inputs } from '../compute/engine.ts';
import { openOnnxFile } from '../compute/onnx-file.ts';
import type { tf } from '../compute/tf.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Encoder } from '../perception/encoder.ts';
import { picturesFor } from '../perception/onnx-encoder.ts';
import { normalisePixels } from '../perception/preprocess.ts';
import { shapesOf } from './model.ts';

/** Pictures in, latents out, `batch` at a time. */
export interface Embedder {
  /** `[count, h, w, 3]` bytes -> `[count, D]`. */
  embed(pixels: Uint8Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}
/** One whose weights change: slower. */
export interface LearningEmbedder extends Embedder {
  /** Weights and `pixelMean`, from now on. */
  load(params: Inputs): void;
}

/** `params` are weights and `pixelMean`. */
export async function createEmbedder(
  engine: Engine,
  encoder: Encoder,
  batch: number,
  params: Inputs,
): Promise<Embedder> {
  if (!encoder.frozen) return await tracedEmbedder(engine, encoder, batch, params);
  const embedder = await frozenEmbedder(encoder, encoder.frozen, batch);
  embedder.load(params);
  return embedder;
}

export const createLearningEmbedder = (engine: Engine, encoder: Encoder, batch: number): Promise<LearningEmbedder> =>
  encoder.frozen ? frozenEmbedder(encoder, encoder.frozen, batch) : tracedEmbedder(engine, encoder, batch);

async function tracedEmbedder(
  engine: Engine,
  encoder: Encoder,
  batch: number,
  constants: Inputs = {},
): Promise<LearningEmbedder> {
  const { imageSize, latentDim } = encoder;
  const names = [...Object.keys(encoder.params), 'pixelMean'];
  const specs = {
    ...shapesOf(encoder.params),
    pixelMean: [imageSize, imageSize, 3],
    pixels: { shape: [batch, imageSize, imageSize, 3], dtype: 'uint8' as const },
  };
  const program = await engine.compile(
    (all) => ({ latents: encoder.encode(all, normalisePixels(all.pixels!, all.pixelMean!)) as tf.Tensor }),
    specs,
    { constants },
  );
  let pending: Inputs = {};
  return {
    load(params) {
      pending = Object.fromEntries(names.map((name) => [name, params[name]!]));
    },
    embed: (pixels) =>
      inBatches(pixels, { imageSize, latentDim, batch, whole: true }, async (full) => {
        const outputs = await program.run({ ...pending, pixels: full });
        pending = {};
        return outputs.latents!;
      }),
    dispose: () => program.dispose(),
  };
}

/** A graph from elsewhere, its rows brought to mean 0 and spread 1 by `encoder.mean` and `encoder.std`. */
async function frozenEmbedder(
  { imageSize, latentDim }: Encoder,
  { file, scale }: NonNullable<Encoder['frozen']>,
  most: number,
): Promise<LearningEmbedder> {
  const opened = await openOnnxFile(readFileSync(file), file);
  const { graph } = opened;
  const batch = graph.batch ?? most;
  let [mean, std] = [new Float32Array(latentDim), new Float32Array(latentDim).fill(1)];
  return {
    load(params) {
      mean = params['encoder.mean'] as Float32Array<ArrayBuffer>;
      std = params['encoder.std'] as Float32Array<ArrayBuffer>;
    },
    embed: (pixels) =>
      inBatches(pixels, { imageSize, latentDim, batch, whole: graph.batch !== undefined }, async (some) => {
        const count = some.length / (imageSize * imageSize * 3);
        const rows = await opened.run(picturesFor(some, graph, scale), count);
        if (rows.length !== count * latentDim)
          throw new RangeError(`${file} must give ${latentDim} numbers a picture, got ${rows.length / count}`);
        return rows.map((value, i) => (value - mean[i % latentDim]!) / std[i % latentDim]!);
      }),
    dispose: () => opened.dispose(),
  };
}

/** Latents of any number of pictures, `batch` at a time; with `whole` a last part is filled up. */
async function inBatches(
  pixels: Uint8Array,
  shape: { readonly imageSize: number; readonly latentDim: number; readonly batch: number; readonly whole: boolean },
  run: (some: Uint8Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  const { imageSize, latentDim, batch, whole } = shape;
  const size = imageSize * imageSize * 3;
  const count = pixels.length / size;
  const latents = new Float32Array(count * latentDim);
  for (let from = 0; from < count; from += batch) {
    const some = pixels.subarray(from * size, Math.min(count, from + batch) * size);
    let full = some;
    if (whole && some.length < batch * size) {
      full = new Uint8Array(batch * size);
      full.set(some);
    }
    latents.set((await run(full)).subarray(0, (some.length / size) * latentDim), from * latentDim);
  }
  return latents;
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
  const latents = new Float32Array(moments.length * latentDim);
  const group = 1024;
  for (let from = 0; from < moments.length; from += group) {
    const pixels = picturesAt(dataset, moments.slice(from, from + group));
    latents.set(await embedder.embed(pixels), from * latentDim);
  }
  return latents;
}

/** Pictures of moments, `[count, h, w, 3]` bytes. */
export function picturesAt(dataset: Dataset, moments: readonly Moment[]): Uint8Array {
  const size = dataset.meta.width * dataset.meta.height * 3;
  const pixels = new Uint8Array(moments.length * size);
  for (const [n, { episode, step }] of moments.entries()) dataset.readFrame(episode, step, pixels, n * size);
  return pixels;
}
