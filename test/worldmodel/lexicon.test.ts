import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { tf } from '../../src/compute/tf.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { UsageError } from '../../src/errors.ts';
import { type Random, seeded } from '../../src/random.ts';
import type { Frozen } from '../../src/worldmodel/frozen.ts';
import { likely, mlpLexicon } from '../../src/worldmodel/lexicon.ts';
import { type Describe, sayingsIn, trainLexicon } from '../../src/worldmodel/train-lexicon.ts';
import { tinyConfig } from '../support/tiny-model.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

const [count, dim] = [512, 6];
const latents = seeded(1).normals(count * dim);
/** Moments that are their latents; the first two numbers say where the thing is. */
const dataset = {
  state: (_: number, step: number) => Float64Array.from(latents.subarray(step * dim, step * dim + dim)),
} as unknown as Dataset;
const frozen = {
  dim,
  latents,
  draw: (random: Random) => {
    const row = random.integer(count);
    return { from: row, to: row, blocks: 0, episode: 0, step: row };
  },
} as unknown as Frozen;
const describeIt: Describe = ([x, y]) => ({ thing: { left: x! < 0, right: x! >= 0 }, other: { high: x! * y! > 0 } });
const config = {
  ...tinyConfig(),
  lexicon: { name: 'mlp' as const, hidden: 32, sayings: sayingsIn(dataset, describeIt) },
};

it('learns what holds of latents, also what no straight line tells', async () => {
  const losses: number[] = [];
  const options = { steps: 800, batch: 128, learningRate: 3e-3, seed: 1 };
  const learn = () =>
    trainLexicon(engine, { dataset, frozen }, config, describeIt, options, {
      onProgress: (_, loss) => losses.push(loss),
    });
  const weights = await learn();
  const lexicon = mlpLexicon({ latentDim: dim, sayings: 3, hidden: 32 });
  const params = Object.fromEntries(
    Object.entries(weights).map(([name, data]) => [name, tf.tensor(data, [...lexicon.params[name]!.shape])]),
  );
  const seen = seeded(2).normals(200 * dim);
  const odds = lexicon.odds(params, tf.tensor2d(seen, [200, dim])).dataSync();
  const right = [0, 1, 2].map((at) => {
    const truths = Array.from({ length: 200 }, (_, n) => {
      const [x, y] = [seen[n * dim]!, seen[n * dim + 1]!];
      return [x < 0, x >= 0, x * y > 0][at] === odds[n * 3 + at]! > 0;
    });
    return truths.filter(Boolean).length / 200;
  });
  expect(Math.min(right[0]!, right[1]!)).toBeGreaterThan(0.9);
  expect(right[2]!).toBeGreaterThan(0.8);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
  expect(await learn()).toEqual(weights);
});

it('probabilities are those of the odds, also far out', () => {
  const [never, even, surely] = likely(tf.tensor1d([-200, 0, 200])).dataSync();
  expect([never, surely]).toEqual([-200, -0].map((value) => expect.closeTo(value, 4)));
  expect(even).toBeCloseTo(Math.log(0.5), 5);
});

it('refuses moments that nobody puts into words, and such as are described in other words', async () => {
  expect(() => sayingsIn(dataset, undefined)).toThrow(UsageError);
  const options = { steps: 1, batch: 8, learningRate: 1e-3, seed: 1 };
  const others: Describe = () => ({ thing: { left: true } });
  await expect(trainLexicon(engine, { dataset, frozen }, config, others, options)).rejects.toThrow(
    'moments must be described by 3 sayings, got 1',
  );
});
