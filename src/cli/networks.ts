import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openOnnxFile } from '../compute/onnx-file.ts';
import { UsageError } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import { pictureScales, picturesFor } from '../perception/onnx-encoder.ts';
import type { ModelConfig } from '../worldmodel/model.ts';
import type { TrainSettings } from './commands/train.ts';

/** What a transformer is wider by inside its blocks and in its projector. */
const WIDER = 4;
/** Width of a head that predicts, and of what a block of actions is squeezed into first. */
const [HEAD, SQUEEZED] = [32, 10];

/** The encoder that the options describe. */
export async function encoderFrom(settings: TrainSettings, pictureSize: number): Promise<ModelConfig['encoder']> {
  const { encoder: name, latentDim, channels, hidden: width, patch, layers, heads } = settings;
  if (settings.encoderFile !== undefined) return frozenFrom(settings.encoderFile, settings.encoderScale, pictureSize);
  if (name === 'onnx')
    throw new UsageError('encoder onnx needs --encoder-file', { hint: 'an ONNX graph that takes one picture' });
  if (name !== 'vit') return { name: name as 'conv', latentDim, channels, hidden: width };
  const wide = { hidden: WIDER * width, projector: WIDER * width, projectorNorm: true };
  return { name, latentDim, patch, width, layers, heads, ...wide };
}

/** Numbers of a latent, at most: more than a pooled row of any encoder, less than all patches of one. */
const WIDEST = 4096;

/** A pretrained encoder that is not learnt any more. */
async function frozenFrom(file: string, scaleName: string, pictureSize: number): Promise<ModelConfig['encoder']> {
  oneOf('--encoder-scale', scaleName, Object.keys(pictureScales));
  const opened = await openOnnxFile(bytesOf(file), file);
  try {
    const { imageSize, layout, batch = 1 } = opened.graph;
    if (imageSize !== pictureSize)
      throw new UsageError(`${file} takes pictures of ${imageSize} px, the episodes have ${pictureSize}`, {
        hint: `premotor collect --size ${imageSize}`,
      });
    const scale = pictureScales[scaleName]!;
    const blank = picturesFor(new Uint8Array(batch * imageSize * imageSize * 3), opened.graph, scale);
    const latentDim = (await opened.run(blank, batch)).length / batch;
    if (latentDim > WIDEST)
      throw new UsageError(
        `${file} gives ${latentDim} numbers a picture (${layout}), at most ${WIDEST} make a latent`,
        {
          hint: 'export the class token or the mean over patches',
        },
      );
    return { name: 'onnx', latentDim, file: resolve(file), mean: [...scale.mean], std: [...scale.std] };
  } finally {
    await opened.dispose();
  }
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError(`--encoder-file ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}

/** The predictor that the options describe. */
export function predictorFrom(settings: TrainSettings): ModelConfig['predictor'] {
  const { predictor: name, context: contextLength, predictorHidden: hidden, residualBlocks, predictorHeads } = settings;
  if (name !== 'transformer') return { name: 'mlp', contextLength, hidden, residualBlocks };
  const shape = { layers: Math.max(1, residualBlocks), heads: predictorHeads, headSize: HEAD, squeezed: SQUEEZED };
  const window = Math.max(3, contextLength); // as LeWM
  return { name, contextLength, window, ...shape, hidden, projector: hidden, projectorNorm: true };
}
