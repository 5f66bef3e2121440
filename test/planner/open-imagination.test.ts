import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import type { Imagination } from '../../src/planner/imagination.ts';
import { openImagination } from '../../src/planner/open-imagination.ts';
import { seeded } from '../../src/random.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

const config = tinyConfig({ critic: true });
const checkpoint = { config, params: tinyParams(config), hash: '' };
const [samples, horizon, size] = [6, 3, 3 * 10];
let engine: Engine;
const opened: Imagination[] = [];
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(async () => {
  for (const imagination of opened) await imagination.dispose();
  await engine.dispose();
});
const open = async (options = {}, of = checkpoint) => {
  opened.push(await openImagination(engine, of, { samples, horizon, ...options }));
  return opened.at(-1)!;
};
const random = seeded(4);
const candidates = random.normals(samples * size);
const goal = random.normals(6);
const context = { timeMs: 0, latents: [random.normals(6)], blocks: [] };
const row = (x: Float32Array, i: number, width: number) => x.slice(i * width, (i + 1) * width);

it('sees the same frame alike, and another differently', async () => {
  const { see } = await open();
  const frame = (value: number) => ({ width: 32, height: 32, data: new Uint8Array(32 * 32 * 3).fill(value) });
  expect(await see(frame(9))).toEqual(await see(frame(9)));
  expect(await see(frame(9))).not.toEqual(await see(frame(200)));
  await expect(see({ ...frame(9), width: 31 })).rejects.toThrow('a frame must be 32x32 for this model, got 31x32');
});

it('scores each candidate by the future imagined for it: last step, or summed', async () => {
  const imagined = await (await open()).imagine(context, candidates);
  const [last, sum] = [await open({ cost: 'last' }), await open({ cost: 'sum' })];
  const [lastCosts, sums] = [await last.score(context, goal)(candidates), await sum.score(context, goal)(candidates)];
  for (let s = 0; s < samples; s++) {
    const steps = [0, 1, 2].map((h) => last.distance(row(imagined, s * horizon + h, 6), goal));
    expect(lastCosts[s]).toBeCloseTo(steps[2]!, 2);
    expect(sums[s]! / (steps[0]! + steps[1]! + steps[2]!)).toBeCloseTo(1, 3);
  }
});

it('scores few candidates as it scores them among many, and no more than it was opened for', async () => {
  const many = await open({ samples: 40 });
  const all = random.fork('many').normals(40 * size);
  const costs = await many.score(context, goal)(all);
  for (const [from, to] of [
    [0, 1],
    [3, 19],
    [8, 25],
  ] as const) {
    const some = await many.score(context, goal)(all.slice(from * size, to * size));
    expect(some).toHaveLength(to - from);
    some.forEach((cost, i) => {
      expect(cost / costs[from + i]!).toBeCloseTo(1, 4);
    });
  }
  await expect(many.score(context, goal)(new Float32Array(41 * size))).rejects.toThrow(
    new RangeError('candidates must be 40 at most, got 41'),
  );
});

it('imagines step by step what it imagines at once', async () => {
  const imagination = await open();
  const { imagine } = imagination;
  const one = row(candidates, 0, size);
  const all = await imagine(context, one);
  expect(all.length).toBe(horizon * 6);
  const first = row(all, 0, 6);
  (await imagination.expect(context, one.slice(0, 10))).forEach((value, i) => {
    expect(value).toBeCloseTo(first[i]!, 4);
  });
  const later = await imagine(
    { ...context, latents: [first] },
    Float32Array.from([...one.slice(10), ...new Array(10).fill(0)]),
  );
  row(later, 0, 12).forEach((value, i) => {
    expect(value).toBeCloseTo(all[6 + i]!, 4);
  });
});

it('uses the critic where there is one, and says so where there is none', async () => {
  const { score } = await open({ cost: { critic: 1 } });
  expect((await score(context, goal)(candidates)).every((cost) => cost > 0)).toBe(true);
  const plain = tinyConfig();
  await expect(open({ cost: 'critic' }, { config: plain, params: tinyParams(plain), hash: '' })).rejects.toThrow(
    'cost critic needs a checkpoint with a critic',
  );
});

it('normalises actions and back', async () => {
  const { normalise, denormalise, shape } = await open();
  const there = normalise([0.4, -0.6]);
  expect(denormalise(there).map((value) => Number(value.toFixed(5)))).toEqual([0.4, -0.6]);
  expect(denormalise(Float32Array.from(shape.low)).map((value) => Number(value.toFixed(5)))).toEqual([-1, -1]);
});

it('fills up a context that is still short', async () => {
  const long = tinyConfig({ contextLength: 3 });
  const { score, imagine } = await open({ cost: 'sum' }, { config: long, params: tinyParams(long), hash: '' });
  expect((await score(context, goal)(candidates)).every(Number.isFinite)).toBe(true);
  const full = {
    timeMs: 0,
    latents: [context.latents[0]!, context.latents[0]!, context.latents[0]!],
    blocks: [new Float32Array(10), new Float32Array(10)],
  };
  expect(await imagine(context, row(candidates, 0, size))).toEqual(await imagine(full, row(candidates, 0, size)));
});

it('tells slopes that are those of its costs', async () => {
  const score = (await open({ cost: 'sum' })).score(context, goal);
  const { costs, slopes } = await score.slopes!(candidates);
  const plain = await score(candidates);
  for (const [s, cost] of costs.entries()) expect(cost / plain[s]!).toBeCloseTo(1, 4);
  for (const at of [0, 7, size + 3, 3 * size + 29]) {
    const bump = 0.02;
    const moved = async (by: number) =>
      (await score(candidates.map((value, i) => (i === at ? value + by : value))))[Math.floor(at / size)]!;
    const slope = ((await moved(bump)) - (await moved(-bump))) / (2 * bump);
    expect(slopes[at]! - slope).toBeCloseTo(0, 1);
    expect(Math.abs(slopes[at]! - slope)).toBeLessThan(0.03 * Math.abs(slope) + 0.05);
  }
});

it('adds costs up by their weights, which may change while it runs', async () => {
  const priced = async (cost: Record<string, number>) => (await open({ cost })).score(context, goal)(candidates);
  const mixed = await open({ cost: { sum: 2, effort: 3, smoothness: 0.5 } });
  const [sum, effort, smoothness] = [
    await priced({ sum: 1 }),
    await priced({ effort: 1 }),
    await priced({ smoothness: 1 }),
  ];
  const near = (found: Float32Array, wanted: (s: number) => number) => {
    for (const [s, cost] of found.entries()) expect(cost / wanted(s)).toBeCloseTo(1, 3);
  };
  near(await mixed.score(context, goal)(candidates), (s) => 2 * sum[s]! + 3 * effort[s]! + 0.5 * smoothness[s]!);
  mixed.weigh!({ sum: 0, smoothness: 1 });
  expect(mixed.costs!()).toEqual({ sum: 0, effort: 3, smoothness: 1 });
  near(await mixed.score(context, goal)(candidates), (s) => 3 * effort[s]! + smoothness[s]!);
  expect(() => mixed.weigh!({ critic: 1 })).toThrow('cost must be one of sum, effort, smoothness, got critic');
  expect(() => mixed.weigh!({ sum: Number.NaN })).toThrow('the weight of cost sum must be a number, got NaN');
});

it('knows effort and smoothness in the units of the robot', async () => {
  const { mean, std } = config.action;
  const steady = candidates.map((_, i) => (0.5 - mean[i % 2]!) / std[i % 2]!); // 0.5 everywhere
  const priced = async (name: string, given: Float32Array) =>
    (await (await open({ cost: { [name]: 1 } })).score(context, goal)(given))[0]!;
  expect(await priced('effort', steady)).toBeCloseTo(0.25, 4);
  expect(await priced('smoothness', steady)).toBeCloseTo(0, 5);
  expect(await priced('smoothness', candidates)).toBeGreaterThan(0.1);
});

it('puts every future with a step that nobody knows behind all that keep to what is known', async () => {
  const doubtful = tinyConfig({ ensemble: true });
  const made = { config: doubtful, params: tinyParams(doubtful), hash: '' };
  const judged = async (options: object, config = doubtful) =>
    (await open({ cost: 'sum', horizon: 1, ...options }, { ...made, config })).score(context, goal)(steps);
  const steps = candidates.slice(0, samples * 10);
  const [plain, spreads] = [await judged({}), await judged({ cost: { spread: 1 } })];
  const limit = [...spreads].sort((a, b) => a - b)[2]!;
  const bound = await judged({ maxSpread: limit });
  for (let s = 0; s < samples; s++) {
    if (spreads[s]! <= limit) expect(bound[s]).toBeCloseTo(plain[s]!, 3);
    else expect(bound[s]).toBeGreaterThan(Math.max(...plain));
  }
  const calibration = {
    surprise: { threshold: 1, alarms: 0.05, episodes: 9 },
    novelty: { latent: 1, picture: 1, alarms: 0.01, moments: 9 },
    spread: { threshold: limit, alarms: 0.01, moments: 9 },
  };
  expect(await judged({ maxSpread: 'auto' }, { ...doubtful, calibration })).toEqual(bound);
  await expect(judged({ maxSpread: 'auto' })).rejects.toThrow('the checkpoint does not say which');
  await expect(open({ maxSpread: 1 })).rejects.toThrow('a limit of spread needs a checkpoint with an ensemble');
});

it('lets no action change faster than it is told', async () => {
  const { shape } = await open({ maxRate: 0.4 });
  expect(shape.rate).toEqual([0.4 / config.action.std[0]!, 0.4 / config.action.std[1]!]);
});

it('puts every future that leaves the picture behind all that do not, as told or as the checkpoint says', async () => {
  const free = await open({ cost: 'sum' });
  const plain = await free.score(context, goal)(candidates);
  const guarded = await (await open({ cost: 'sum', keepIn: 0.2 })).score(context, goal)(candidates);
  const imagined = await free.imagine(context, candidates);
  let out = 0;
  for (let s = 0; s < samples; s++) {
    const places = [0, 1, 2].map((h) => free.locate!(row(imagined, s * horizon + h, 6)));
    if (places.every((place) => Math.min(...place) > 0.2 && Math.max(...place) < 0.8)) continue;
    expect(guarded[s]).toBeGreaterThan(Math.max(...plain));
    out++;
  }
  expect(out).toBeGreaterThan(0);
  const careful = { config: { ...config, planning: { keepIn: 0.2 } }, params: tinyParams(config), hash: '' };
  const judged = async (options: object) =>
    (await open({ cost: 'sum', ...options }, careful)).score(context, goal)(candidates);
  expect(await judged({})).toEqual(guarded);
  expect(await judged({ keepIn: 0 })).toEqual(plain);
  const unsure = { ...config, probe: false };
  await expect(open({ keepIn: 0.1 }, { config: unsure, params: tinyParams(unsure), hash: '' })).rejects.toThrow(
    'keep-in needs a checkpoint that knows where things are',
  );
});

it('puts every future that leads into a keep-out behind all that do not', async () => {
  const keepOut = [{ x: 0.5, y: 0.5, radius: 0.3 }];
  const [free, bound] = [await open({ cost: 'sum' }), await open({ cost: 'sum', keepOut })];
  const [plain, guarded] = [await free.score(context, goal)(candidates), await bound.score(context, goal)(candidates)];
  const imagined = await free.imagine(context, candidates);
  for (let s = 0; s < samples; s++) {
    const into = [0, 1, 2].some((h) => {
      const [x, y] = free.locate!(row(imagined, s * horizon + h, 6));
      return Math.hypot(x - 0.5, y - 0.5) < 0.3;
    });
    if (into) expect(guarded[s]).toBeGreaterThan(Math.max(...plain));
  }
  const unsure = { ...config, probe: false };
  await expect(open({ keepOut }, { config: unsure, params: tinyParams(unsure), hash: '' })).rejects.toThrow(
    'keep-out needs a checkpoint that knows where things are',
  );
});
