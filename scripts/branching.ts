// What a model that foretells pixels makes of a future that branches: a disc comes up a road and turns left or right by chance, whatever is
// done. Trains the pixel model (objective `pixels`) on it for a minute and writes what it foretells beside what comes:
// npm run show:branching -> docs/pictures/branching.png
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { openEngine } from '../src/compute/open-engine.ts';
import type { tf } from '../src/compute/tf.ts';
import { compileWith } from '../src/compute/weighted.ts';
import { openDataset } from '../src/data/reader.ts';
import { createEpisodeWriter } from '../src/data/writer.ts';
import { normalisePixels, PIXEL_SCALE } from '../src/perception/preprocess.ts';
import { seeded } from '../src/random.ts';
import { mlpDecoder } from '../src/worldmodel/decoder.ts';
import { buildModel, type ModelConfig, shapesOf } from '../src/worldmodel/model.ts';
import { describeData, trainDefaults, trainWorldModel } from '../src/worldmodel/train.ts';

const [SIZE, EPISODES, MOMENTS, FORK, STEPS] = [32, 300, 6, 2, 800];
const root = mkdtempSync(join(tmpdir(), 'premotor-branching-'));

/** A disc at a moment of an episode that turns to `side`. */
function picture(moment: number, side: -1 | 1): Uint8Array {
  const [x, y] = [16 + side * 5 * Math.max(0, moment - FORK), 28 - 5 * Math.min(moment, FORK)];
  const data = new Uint8Array(SIZE * SIZE * 3).fill(30);
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++)
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) < 3.5) data.set([235, 180, 60], 3 * (row * SIZE + column));
  return data;
}

function record(): void {
  const meta = { task: 'fork', seed: 1, policy: 'chance', variations: {}, width: SIZE, height: SIZE, frameEvery: 1 };
  const sizes = { actionSize: 1, stateSize: 1, periodMs: 100 };
  const writer = createEpisodeWriter(root, { format: 'premotor-episodes/1', ...meta, ...sizes });
  for (let episode = 0; episode < EPISODES; episode++) {
    const random = seeded(1).fork(episode);
    const side = random.uniform() < 0.5 ? -1 : 1;
    const frames = new Uint8Array(MOMENTS * SIZE * SIZE * 3);
    for (let moment = 0; moment < MOMENTS; moment++) frames.set(picture(moment, side), moment * SIZE * SIZE * 3);
    writer.append({ actions: random.normals(MOMENTS - 1), states: new Float64Array(MOMENTS), frames });
  }
  writer.close();
}

record();
const dataset = await openDataset(root);
const engine = await openEngine({ engine: 'auto', threads: 1 });
const { action, pixelMean } = describeData(dataset);
const config: ModelConfig = {
  format: 'premotor-model/1',
  task: 'fork',
  data: dataset.hash,
  imageSize: SIZE,
  frameskip: 1,
  periodMs: 100,
  action: { ...action, low: [-9], high: [9] },
  encoder: { name: 'patch-merge', latentDim: 16, channels: [32, 32, 32], hidden: 64 },
  predictor: { name: 'mlp', contextLength: 1, hidden: 64, residualBlocks: 1 },
};
let decoder: Record<string, Float32Array> = {};
const options = {
  ...trainDefaults,
  objective: 'pixels',
  steps: STEPS,
  clip: 3,
  batch: 32,
  monitorEvery: STEPS,
  saveEvery: STEPS,
};
const params = await trainWorldModel(engine, dataset, config, pixelMean, options, {
  onState: (_, state) => {
    decoder = state;
  },
});
const { encoder, predictor } = buildModel(config);
const { draw, params: drawn } = mlpDecoder({ latentDim: 16, imageSize: SIZE });
const program = await compileWith(
  engine,
  (all) => {
    const latent = encoder.encode(all, normalisePixels(all.pixels!, all.pixelMean!));
    const next = predictor.predict(all, latent.expandDims(1) as tf.Tensor3D, all.block!.expandDims(1) as tf.Tensor3D);
    return { next: draw(all, next) };
  },
  {
    ...shapesOf({ ...encoder.params, ...predictor.params, ...drawn }),
    pixelMean: [SIZE, SIZE, 3],
    block: [1, 1],
    pixels: { shape: [1, SIZE, SIZE, 3], dtype: 'uint8' },
  },
  { ...decoder, ...params, block: new Float32Array(1) },
);
const { next } = await program.run({ pixels: picture(FORK, 1) });

/** What was drawn, 16 x 16, in grey levels and as large as the rest. */
const foretold = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
  const [column, row, channel] = [Math.floor(i / 3) % SIZE, Math.floor(i / (3 * SIZE)), i % 3];
  const at = 3 * ((row >> 1) * 16 + (column >> 1)) + channel;
  const mean = [0, 1].flatMap((a) =>
    [0, 1].map((b) => pixelMean[3 * ((row & ~1) * SIZE + a * SIZE + (column & ~1) + b) + channel]!),
  );
  return Math.round(Math.min(255, Math.max(0, next![at]! * PIXEL_SCALE + mean.reduce((x, y) => x + y) / 4)));
});
const [red, places] = [(data: Uint8Array, x: number) => data[3 * (18 * SIZE + x)]!, [11, 21]];
const told = places.map((x) => red(foretold, x));
console.log(
  `where the disc may be next (left, right): it comes as ${red(picture(FORK + 1, -1), 11)} or ${red(picture(FORK + 1, -1), 21)}, ` +
    `the pixel model foretells ${told.join(' and ')} of 255`,
);

const [zoom, gap] = [6, 8];
const tiles = [picture(FORK, 1), picture(FORK + 1, -1), picture(FORK + 1, 1), foretold];
const width = tiles.length * SIZE * zoom + (tiles.length - 1) * gap;
const strip = new Uint8Array(width * SIZE * zoom * 3).fill(255);
tiles.forEach((tile, n) => {
  for (let y = 0; y < SIZE * zoom; y++)
    for (let x = 0; x < SIZE * zoom; x++) {
      const from = 3 * (Math.floor(y / zoom) * SIZE + Math.floor(x / zoom));
      strip.set(tile.subarray(from, from + 3), 3 * (y * width + n * (SIZE * zoom + gap) + x));
    }
});
writeFileSync('docs/pictures/branching.png', encode({ width, height: SIZE * zoom, data: strip, channels: 3 }));
await program.dispose();
await engine.dispose();
dataset.close();
rmSync(root, { recursive: true });
