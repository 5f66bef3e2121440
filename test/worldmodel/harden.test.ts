import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { initialise } from '../../src/compute/layers.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { seeded } from '../../src/random.ts';
import { hardenDefaults, hardenEncoder } from '../../src/worldmodel/harden.ts';
import { buildModel, type ModelConfig } from '../../src/worldmodel/model.ts';
import { describeData } from '../../src/worldmodel/train.ts';
import { tinyDataset } from '../support/tiny-dataset.ts';
import { tinyConfig } from '../support/tiny-model.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-harden-'));
let engine: Engine;
let dataset: Dataset;
let config: ModelConfig;
let params: Record<string, Float32Array>;

beforeAll(async () => {
  dataset = await tinyDataset(dir, { episodes: 40 });
  engine = await openEngine({ engine: 'onnx', threads: 1 });
  config = { ...tinyConfig(), encoder: { name: 'patch-merge', latentDim: 8, channels: [8, 16, 32], hidden: 32 } };
  const { pixelMean } = describeData(dataset);
  params = { ...initialise(buildModel(config).encoder.params, seeded(4)), pixelMean };
});
afterAll(async () => {
  await engine.dispose();
  dataset.close();
  rmSync(dir, { recursive: true, force: true });
});

const options = { ...hardenDefaults, steps: 500, batch: 32 };

it('makes of noisy pictures and other colours what it made of clean ones, and of those still nearly the same', async () => {
  const losses: number[] = [];
  const {
    before,
    after,
    params: learnt,
  } = await hardenEncoder(engine, dataset, config, params, options, {
    onProgress: (_, loss) => losses.push(loss),
  });
  expect(Object.keys(learnt).sort()).toEqual(Object.keys(buildModel(config).encoder.params).sort());
  expect(before.clean).toBe(0);
  expect(after.noise).toBeLessThan(0.6 * before.noise);
  expect(after.colours).toBeLessThan(0.6 * before.colours);
  expect(after.clean).toBeLessThan(0.6 * before.noise);
  expect(losses).toHaveLength(500);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
});

it('gives the same weights for the same seed, and stops when told', async () => {
  const short = { ...options, steps: 3 };
  const [one, another] = [
    await hardenEncoder(engine, dataset, config, params, short),
    await hardenEncoder(engine, dataset, config, params, short),
  ];
  expect(one.params).toEqual(another.params);
  const told = AbortSignal.abort();
  await expect(hardenEncoder(engine, dataset, config, params, short, { signal: told })).rejects.toThrow('abort');
});
