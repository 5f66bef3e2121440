import type { Engine, Inputs } from '../src/compute/engine.ts';
import { openEngine } from '../src/compute/open-engine.ts';
import { seeded } from '../src/random.ts';
import type { ModelConfig } from '../src/worldmodel/model.ts';
import { drawDirections } from '../src/worldmodel/sigreg.ts';
import { trainDefaults, worldModelTrainer } from '../src/worldmodel/train.ts';
import { createTrainer } from '../src/worldmodel/trainer.ts';
import { prototypeEngine } from './compute/prototype-engine.ts';
import { median, type Row, row, timed } from './row.ts';

/** The default model and batch, with the 1,024 directions of the published recipe. */
const options = { ...trainDefaults, directions: 1024 };
const config: ModelConfig = {
  format: 'premotor-model/1',
  task: 'two-room',
  data: 'none',
  imageSize: 64,
  frameskip: 5,
  periodMs: 100,
  action: { mean: [0, 0], std: [1, 1], low: [-1, -1], high: [1, 1] },
  encoder: { name: 'patch-merge', latentDim: 64, channels: [64, 128, 256], hidden: 256 },
  predictor: { name: 'mlp', contextLength: 1, hidden: 256, residualBlocks: 1 },
};
const frames = options.clip * options.batch;

/** Whole training steps: forward, backward, SIGReg 1024 x 17, AdamW. */
export async function benchTraining(): Promise<Row[]> {
  const onnx = await trainingRate();
  const memory = await growth(await openEngine({ engine: 'onnx', threads: 2 }));
  const prototype = await rateOf(prototypeEngine(2), 30);
  const wasm = await rateOf(await openEngine({ engine: 'tfjs-wasm' }), 7);
  const web = await rateOf(await openEngine({ engine: 'onnx-web', threads: 2 }), 8);
  return [
    row('training step of the default model, onnx', onnx, 'frames/s', { name: 'tfjs wasm, eager', value: wasm }),
    row('the same', onnx, 'frames/s', { name: "the prototype's graph", value: prototype }),
    row('training step, onnx-web', web, 'frames/s', { name: 'tfjs wasm, eager', value: wasm }),
    row(
      'resident memory after 200 steps',
      memory.after,
      'MB',
      { name: 'after 20 steps', value: memory.before },
      'lower',
    ),
  ];
}

/** Frames that training on the default engine takes in per second. */
export const trainingRate = async (): Promise<number> => rateOf(await openEngine({ engine: 'onnx', threads: 2 }), 30);

function batchOf(): Inputs {
  const random = seeded(2);
  return {
    pixels: Uint8Array.from({ length: frames * 64 * 64 * 3 }, () => random.integer(256)),
    pixelMean: new Float32Array(64 * 64 * 3).fill(128),
    blocks: random.normals((options.clip - 1) * options.batch * 10),
    directions: drawDirections(64, options.directions, random),
  };
}

async function rateOf(engine: Engine, times: number): Promise<number> {
  const trainer = await createTrainer(engine, seeded(1), worldModelTrainer(config, options));
  const batch = batchOf();
  let step = 0;
  const ms = median(await timed(times, () => trainer.step(++step, 1e-3, batch)));
  await trainer.dispose();
  await engine.dispose();
  return (1000 * frames) / ms;
}

/** Resident memory of this process (engine included), MB. */
async function growth(engine: Engine): Promise<{ before: number; after: number }> {
  const trainer = await createTrainer(engine, seeded(1), worldModelTrainer(config, options));
  const batch = batchOf();
  const rss = () => Math.round(process.memoryUsage().rss / 1e6);
  let before = 0;
  for (let step = 1; step <= 200; step++) {
    await trainer.step(step, 1e-3, batch);
    if (step === 20) before = rss();
  }
  const after = rss();
  await trainer.dispose();
  await engine.dispose();
  return { before, after };
}
