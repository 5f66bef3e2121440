import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { initialise } from '../../src/compute/layers.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { seeded } from '../../src/random.ts';
import { type Frozen, freeze } from '../../src/worldmodel/frozen.ts';
import { buildModel, type ModelConfig } from '../../src/worldmodel/model.ts';
import { describeData } from '../../src/worldmodel/train.ts';
import { predictorDefaults, trainPredictor } from '../../src/worldmodel/train-predictor.ts';
import { tinyDataset } from '../support/tiny-dataset.ts';
import { tinyConfig } from '../support/tiny-model.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-predictor-'));
let engine: Engine;
let dataset: Dataset;
let frozen: Frozen;
let config: ModelConfig;
let params: Record<string, Float32Array>;

beforeAll(async () => {
  dataset = await tinyDataset(dir, { episodes: 40 });
  engine = await openEngine({ engine: 'onnx', threads: 1 });
  config = tinyConfig();
  const { encoder, predictor } = buildModel(config);
  const { pixelMean } = describeData(dataset);
  params = { ...initialise({ ...encoder.params, ...predictor.params }, seeded(4)), pixelMean };
  frozen = await freeze(engine, dataset, config, params);
});
afterAll(async () => {
  await engine.dispose();
  dataset.close();
  rmSync(dir, { recursive: true, force: true });
});

const options = { ...predictorDefaults, steps: 300, batch: 32, clip: 4 };
const learn = (more: Partial<typeof options>, onProgress?: (step: number, loss: number) => void) =>
  trainPredictor(
    engine,
    [
      { dataset, frozen },
      { dataset, frozen },
    ],
    config,
    params,
    { ...options, ...more },
    { ...(onProgress && { onProgress }) },
  );

it('foretells better what latents come, and gives nothing but the weights of the predictor', async () => {
  const losses: number[] = [];
  const learnt = await learn({}, (_, loss) => losses.push(loss));
  expect(Object.keys(learnt).sort()).toEqual(Object.keys(buildModel(config).predictor.params).sort());
  const mean = (some: number[]) => some.reduce((a, b) => a + b) / some.length;
  expect(mean(losses.slice(-20))).toBeLessThan(0.7 * mean(losses.slice(0, 5)));
});

it('begins with the weights that it is given, and gives the same for the same seed', async () => {
  const none = await learn({ steps: 1, learningRate: 0 });
  for (const [name, values] of Object.entries(none)) expect([...values]).toEqual([...params[name]!]);
  const [one, another] = [await learn({ steps: 3 }), await learn({ steps: 3 })];
  expect(one).toEqual(another);
});

it('refuses clips that hold nothing to foretell', () => {
  expect(() => learn({ clip: 1 })).toThrow('clip must be above the context length (1), got 1');
});
