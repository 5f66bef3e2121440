import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, Tensors } from '../../src/compute/engine.ts';
import { initialise } from '../../src/compute/layers.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import type { tf } from '../../src/compute/tf.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { seeded } from '../../src/random.ts';
import { normaliseActions } from '../../src/worldmodel/clips.ts';
import { type Frozen, freeze } from '../../src/worldmodel/frozen.ts';
import { imagine } from '../../src/worldmodel/imagined.ts';
import { buildModel, shapesOf } from '../../src/worldmodel/model.ts';
import { rollout } from '../../src/worldmodel/rollout.ts';
import { describeData } from '../../src/worldmodel/train.ts';
import { tinyDataset } from '../support/tiny-dataset.ts';
import { tinyConfig } from '../support/tiny-model.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-imagined-'));
const config = tinyConfig({ contextLength: 2 });
const { encoder, predictor } = buildModel(config);
const dim = encoder.latentDim;
let engine: Engine;
let dataset: Dataset;
let frozen: Frozen;
let params: Record<string, Float32Array>;
let imagined: Float32Array[];

beforeAll(async () => {
  dataset = await tinyDataset(dir, { episodes: 8 });
  engine = await openEngine({ engine: 'onnx', threads: 1 });
  const { pixelMean } = describeData(dataset);
  params = { ...initialise({ ...encoder.params, ...predictor.params }, seeded(4)), pixelMean };
  frozen = await freeze(engine, dataset, config, params);
  imagined = await imagine(engine, { dataset, frozen }, config, params, 3);
});
afterAll(async () => {
  await engine.dispose();
  dataset.close();
  rmSync(dir, { recursive: true, force: true });
});

const episode = 3;
const rowsOf = (all: Float32Array, step: number) => {
  const row = frozen.row({ episode, step });
  return all.slice(row * dim, (row + 1) * dim);
};
const block = (step: number) => normaliseActions(dataset.actions(episode, step, step + 5), config.action);
const none = new Float32Array(10);

/** The same by the rollout itself. */
async function foreseen(latents: readonly Float32Array[], done: Float32Array, next: readonly Float32Array[]) {
  const names = next.map((_, t) => `next${t}`);
  const program = await engine.compile(
    (all: Tensors) => {
      const [older, newer, before, ...candidates] = ['older', 'newer', 'done', ...names].map(
        (name) => all[name]!,
      ) as tf.Tensor2D[];
      return { last: rollout(predictor, all, { latents: [older!, newer!], blocks: [before!] }, candidates).at(-1)! };
    },
    {
      ...shapesOf(predictor.params),
      older: [1, dim],
      newer: [1, dim],
      ...Object.fromEntries(['done', ...names].map((name) => [name, [1, 10]])),
    },
  );
  const weights = Object.fromEntries(Object.keys(predictor.params).map((name) => [name, params[name]!]));
  const blocks = Object.fromEntries(next.map((values, t) => [`next${t}`, values]));
  const { last } = await program.run({ ...weights, older: latents[0]!, newer: latents[1]!, done, ...blocks });
  await program.dispose();
  return last!;
}

const expectSame = (found: Float32Array, wanted: Float32Array) => {
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, 4);
  });
};

it('gives every moment as it was imagined so many blocks before, by what was then done', async () => {
  const seen = [5, 10].map((step) => rowsOf(frozen.latents, step));
  expectSame(rowsOf(imagined[0]!, 15), await foreseen(seen, block(5), [block(10)]));
  expectSame(rowsOf(imagined[2]!, 25), await foreseen(seen, block(5), [10, 15, 20].map(block)));
});

it('begins an episode as a mind does: nothing was done, and nothing else was seen', async () => {
  const first = rowsOf(frozen.latents, 0);
  expectSame(rowsOf(imagined[1]!, 10), await foreseen([first, first], none, [block(0), block(5)]));
});

it('has nothing where there was nothing so long before', () => {
  expect(rowsOf(imagined[0]!, 0)).toEqual(new Float32Array(dim));
  expect(rowsOf(imagined[2]!, 10)).toEqual(new Float32Array(dim));
  expect(rowsOf(imagined[1]!, 10)).not.toEqual(new Float32Array(dim));
});
