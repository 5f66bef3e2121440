import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { PremotorError } from '../../src/errors.ts';
import { openImagination } from '../../src/planner/open-imagination.ts';
import { seeded } from '../../src/random.ts';
import { calibrate, drawLandmarks, LANDMARKS } from '../../src/worldmodel/calibrate.ts';
import { freeze } from '../../src/worldmodel/frozen.ts';
import { imagine } from '../../src/worldmodel/imagined.ts';
import type { Standing } from '../../src/worldmodel/learn.ts';
import { objectives } from '../../src/worldmodel/objectives.ts';
import { describeData, type Progress, trainDefaults, trainWorldModel } from '../../src/worldmodel/train.ts';
import { criticDefaults, trainCritic } from '../../src/worldmodel/train-critic.ts';
import { ensembleDefaults, trainEnsemble } from '../../src/worldmodel/train-ensemble.ts';
import { reflexDefaults, trainReflex } from '../../src/worldmodel/train-reflex.ts';
import type { TrainerState } from '../../src/worldmodel/trainer.ts';
import { locate, tinyDataset } from '../support/tiny-dataset.ts';
import { tinyConfig } from '../support/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'premotor-train-'));
let dataset: Dataset;
let engine: Engine;
beforeAll(async () => {
  dataset = await tinyDataset(join(root, 'data'), { episodes: 200 });
  engine = await openEngine({ engine: 'onnx', threads: 2 });
});
afterAll(async () => {
  dataset.close();
  await engine.dispose();
  rmSync(root, { recursive: true });
});

const config = () => ({
  ...tinyConfig({ critic: true, reflex: true }),
  action: { ...tinyConfig().action, ...describeData(dataset).action },
});
const options = { ...trainDefaults, steps: 30, batch: 16, clip: 3, directions: 32, monitorEvery: 10, saveEvery: 10 };

async function train(changed: Partial<typeof options> = {}, resume?: { step: number; state: TrainerState }) {
  const seen: Progress[] = [];
  const states = new Map<number, TrainerState>();
  const { pixelMean } = describeData(dataset);
  const hooks = {
    locate,
    onProgress: (progress: Progress) => void seen.push(progress),
    onState: ({ step, state }: Standing) => void states.set(step, state),
  };
  const params = await trainWorldModel(engine, dataset, config(), pixelMean, { ...options, ...changed }, hooks, {
    resume,
  });
  return { params, seen, states };
}

it('gives the same weights to the bit when resumed as when never cut off', async () => {
  const whole = await train();
  const rest = await train({}, { step: 20, state: whole.states.get(20)! });
  expect(rest.seen.map(({ step }) => step)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  expect(rest.params).toEqual(whole.params);
  expect(rest.seen.at(-1)!.losses).toEqual(whole.seen.at(-1)!.losses);
  const done = await train({}, { step: 30, state: whole.states.get(30)! }); // cut off while a head was learnt
  expect(done.params).toEqual(whole.params);
});

it('gives other weights for another seed', async () => {
  const [one, two] = [await train({ steps: 2 }), await train({ steps: 2, seed: 2 })];
  expect(one.params['encoder.c0.w']).not.toEqual(two.params['encoder.c0.w']);
});

it('shows collapse without a regularizer, and none with SIGReg', async () => {
  const longer = { steps: 150, monitorEvery: 150, saveEvery: 150, learningRate: 3e-3 };
  const spread = async (objective: string) => (await train({ ...longer, objective })).seen.at(-1)!.health!;
  const [kept, lost] = [await spread('sigreg'), await spread('none')];
  expect(kept.stdMean).toBeGreaterThan(5 * lost.stdMean);
  expect(lost.sigreg).toBeGreaterThan(2 * kept.sigreg);
  expect(kept.collapsed).toBe(false);
  expect(lost.collapsed).toBe(true);
});

it('learns to predict: the loss falls, and the true position can be read off latents it was not trained on', async () => {
  const { seen } = await train({ steps: 240, monitorEvery: 240, saveEvery: 240, learningRate: 3e-3 });
  const mean = (from: number, to: number) =>
    seen.slice(from, to).reduce((sum, { losses }) => sum + losses.total!, 0) / (to - from);
  expect(mean(220, 240)).toBeLessThan(mean(0, 20) / 2);
  for (const share of seen.at(-1)!.probe!) expect(share).toBeGreaterThan(0.5);
});

it('stops between two steps when asked to, with the state to go on from', async () => {
  const controller = new AbortController();
  const { pixelMean } = describeData(dataset);
  const steps: number[] = [];
  const saved: number[] = [];
  const hooks = {
    locate,
    signal: controller.signal,
    onState: ({ step }: Standing) => void saved.push(step),
    onProgress: ({ step }: Progress) => {
      steps.push(step);
      if (step === 3) controller.abort();
    },
  };
  await expect(trainWorldModel(engine, dataset, config(), pixelMean, options, hooks)).rejects.toThrow();
  expect(steps).toEqual([1, 2, 3]);
  expect(saved).toEqual([3]);
});

it('refuses an objective or an auxiliary nobody knows', async () => {
  await expect(train({ objective: 'hope' })).rejects.toThrow(
    'objective must be one of sigreg, vicreg, none, contrastive, teacher, autoencoder, pixels, got hope',
  );
  await expect(train({ auxiliaries: { hope: 1 } })).rejects.toThrow(
    'auxiliary must be one of inverse, straightening, contrast, got hope',
  );
});

it('teaches the critic that later is farther', async () => {
  const { params } = await train({ steps: 100, monitorEvery: 100, saveEvery: 100, learningRate: 3e-3 });
  const losses: number[] = [];
  const frozen = await freeze(engine, dataset, config(), params);
  const head = await trainCritic(
    engine,
    { frozen },
    config(),
    { ...criticDefaults, steps: 200, batch: 64 },
    {
      onProgress: (_, loss) => void losses.push(loss),
    },
  );
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  expect(mean(losses.slice(-40))).toBeLessThan(0.9 * mean(losses.slice(0, 10)));
  expect(Object.keys(head)).toContain('critic.out.w');
});

it('teaches the critic by pairs no farther apart than is said, and from latents that err', async () => {
  const { params } = await train({ steps: 1, saveEvery: 1, monitorEvery: 1 });
  const frozen = await freeze(engine, dataset, config(), params);
  const asked = new Set<number | undefined>();
  const watched = {
    ...frozen,
    draw: (...[random, span]: Parameters<typeof frozen.draw>) => {
      asked.add(span?.farthest);
      return frozen.draw(random, span);
    },
  };
  const short = { ...criticDefaults, steps: 5, batch: 64, farthest: 2 };
  const [exact, again, shaken] = [
    await trainCritic(engine, { frozen: watched }, config(), short),
    await trainCritic(engine, { frozen: watched }, config(), short),
    await trainCritic(engine, { frozen: watched }, config(), { ...short, noise: 0.2 }),
  ];
  expect([...asked]).toEqual([2]);
  expect(again).toEqual(exact);
  expect(shaken['critic.in.w']).not.toEqual(exact!['critic.in.w']);
});

it('teaches the critic from what was imagined, where that is asked for', async () => {
  const { params } = await train({ steps: 1, saveEvery: 1, monitorEvery: 1 });
  const frozen = await freeze(engine, dataset, config(), params);
  const imagined = await imagine(engine, { dataset, frozen }, config(), params, 2);
  const some = { ...criticDefaults, steps: 3, batch: 64, imagined: 0.5 };
  const learn = (given: readonly Float32Array[]) => trainCritic(engine, { frozen, imagined: given }, config(), some);
  const asItWas = imagined.map(() => frozen.latents);
  const [one, again, other] = [await learn(imagined), await learn(imagined), await learn(asItWas)];
  expect(again).toEqual(one);
  expect(other!['critic.in.w']).not.toEqual(one!['critic.in.w']);
  expect(() => trainCritic(engine, { frozen }, config(), some)).toThrow('imagined must be given');
});

it('draws pairs of one episode, within reach', async () => {
  const frozen = await freeze(
    engine,
    dataset,
    config(),
    (await train({ steps: 1, saveEvery: 1, monitorEvery: 1 })).params,
  );
  const random = seeded(1);
  const apart = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const pair = frozen.draw(random, { farthest: 3, atLeast: frozen.ahead });
    apart.add(pair.blocks);
    expect(pair.to - pair.from).toBe(pair.blocks); // a stored frame a block
    expect(pair.step + 5 * pair.blocks).toBeLessThanOrEqual(dataset.length(pair.episode));
  }
  expect([...apart].sort()).toEqual([1, 2, 3]);
});

it('draws pairs that end where their episode does, where that is asked for', async () => {
  const { params } = await train({ steps: 1, saveEvery: 1, monitorEvery: 1 });
  const frozen = await freeze(engine, dataset, config(), params);
  const random = seeded(1);
  const apart = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const { episode, step, blocks, from, to } = frozen.draw(random, { farthest: 2, toEnd: true });
    const last = 5 * Math.floor(dataset.length(episode) / 5);
    expect(step + 5 * blocks).toBe(last);
    expect(frozen.row({ episode, step })).toBe(from);
    expect(frozen.row({ episode, step: last })).toBe(to);
    apart.add(blocks);
  }
  expect([...apart].sort()).toEqual([0, 1, 2]);
});

it('teaches the reflex what moved it', async () => {
  const { params } = await train({ steps: 240, monitorEvery: 240, saveEvery: 240, learningRate: 3e-3 });
  const frozen = await freeze(engine, dataset, config(), params);
  const losses: number[] = [];
  const options = { ...reflexDefaults, steps: 400, batch: 64, learningRate: 3e-3, farthest: 1 };
  const head = await trainReflex(engine, frozen, config(), options, {
    onProgress: (_, loss) => void losses.push(loss),
  });
  expect(Object.keys(head)).toContain('reflex.out.w');
  // five uniform actions add up to a way: that tells a fifth of each one's variance
  const mean = losses.slice(-50).reduce((a, b) => a + b) / 50;
  expect(mean).toBeLessThan(0.93);
});

it.each(Object.keys(objectives))('%s: learns, and resumed it gives the same weights to the bit', async (objective) => {
  const short = { objective, steps: 24, saveEvery: 12, monitorEvery: 24, learningRate: 3e-3 };
  const whole = await train(short);
  const mean = (from: number) => whole.seen.slice(from, from + 6).reduce((sum, { losses }) => sum + losses.total!, 0);
  expect(mean(18)).toBeLessThan(mean(0));
  const rest = await train(short, { step: 12, state: whole.states.get(12)! });
  expect(rest.params).toEqual(whole.params);
});

it('learns by auxiliaries too, and tells their terms', async () => {
  const auxiliaries = { inverse: 1, straightening: 0.1 };
  const { seen, params } = await train({ steps: 3, saveEvery: 3, monitorEvery: 3, auxiliaries });
  const { total, prediction, regularizer, inverse, straightening } = seen.at(-1)!.losses;
  expect(total).toBeCloseTo(prediction! + regularizer! + inverse! + 0.1 * straightening!, 3);
  expect(params['inverse.out.w']).toBeDefined();
});

it('stops where a term is no number any more, names it, and keeps the last good state', async () => {
  const states: number[] = [];
  const { pixelMean } = describeData(dataset);
  const hooks = { onState: ({ step }: Standing) => void states.push(step) };
  const wild = { ...options, learningRate: 1e30, saveEvery: 1 };
  const training = trainWorldModel(engine, dataset, config(), pixelMean, wild, hooks);
  const error = (await training.then(undefined, (reason) => reason)) as PremotorError;
  expect(error).toBeInstanceOf(PremotorError);
  expect(error.message).toMatch(/^training stopped at step \d+: .*(prediction|regularizer|oneStep) (NaN|-?Infinity)/);
  const stopped = Number(/step (\d+)/.exec(error.message)![1]);
  expect(states).toEqual(Array.from({ length: stopped - 1 }, (_, i) => i + 1));
  expect(error.hint).toMatch(stopped > 1 ? `the state of step ${stopped - 1} is kept` : 'lower --learning-rate');
});

it('teaches an ensemble that agrees where data is, and calibrates what is nominal', async () => {
  const { pixelMean } = describeData(dataset);
  const known = { ...config(), ensemble: { name: 'mlp' as const, hidden: 16, members: 3 }, landmarks: LANDMARKS };
  const params = await trainWorldModel(engine, dataset, known, pixelMean, { ...options, steps: 120 }, {});
  const frozen = await freeze(engine, dataset, known, params);
  const losses: number[] = [];
  const onProgress = (_: number, loss: number) => void losses.push(loss);
  Object.assign(
    params,
    await trainEnsemble(engine, frozen, known, { ...ensembleDefaults, steps: 150, batch: 64 }, { onProgress }),
  );
  const mean = (some: number[]) => some.reduce((a, b) => a + b, 0) / some.length;
  expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 20)));

  Object.assign(params, drawLandmarks(dataset, frozen, 1));
  const { surprise, novelty } = (await calibrate(engine, dataset, known, params))!;
  expect(surprise.episodes).toBe(10); // held out of 200
  const imagination = await openImagination(engine, {
    config: { ...known, calibration: { surprise, novelty } },
    params,
    hash: '',
  });
  const data = new Uint8Array(32 * 32 * 3);
  dataset.readFrame(199, 5, data, 0);
  const frame = { width: 32, height: 32, data };
  const inverted = { ...frame, data: data.map((value) => 255 - value) };
  const nominal = await imagination.see(frame);
  expect(imagination.novelty!(frame, nominal)).toBeLessThan(1);
  expect(imagination.novelty!(inverted, nominal)).toBeGreaterThan(1);
  expect(imagination.nominalSurprise).toBe(surprise.threshold);

  const spread = await openImagination(
    engine,
    { config: known, params, hash: '' },
    { samples: 2, horizon: 2, cost: { spread: 1 } },
  );
  const context = { timeMs: 0, latents: [nominal], blocks: [] };
  const [calm, wild] = await spread.score(
    context,
    nominal,
  )(Float32Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 9 * (-1) ** i)));
  expect(wild).toBeGreaterThan(1.2 * calm!); // nobody ever did that
  await imagination.dispose();
  await spread.dispose();
});
