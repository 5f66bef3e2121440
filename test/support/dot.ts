import type { World } from '../../sim/world.ts';
import type { Frame } from '../../src/drivers/driver.ts';
import type { Imagination } from '../../src/planner/imagination.ts';
import type { Planner } from '../../src/planner/planner.ts';

/** A dot in the unit square, moved by its velocity, 1 / s at most; seen by a one-pixel camera: red is x, green is y. */
export type Dot = readonly [x: number, y: number];

export const dotWorld: World<Dot> = {
  actionSpec: {
    low: [-1, -1],
    high: [1, 1],
    rest: [0, 0],
    maxRate: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    names: ['vx', 'vy'],
  },
  periodMs: 50,
  reset: (random) => [random.uniform(), random.uniform()],
  step: ([x, y], [vx, vy]) => [inside(x + vx! * 0.05), inside(y + vy! * 0.05)],
  render: (dot) => dotFrame(dot),
  encodeState: ([x, y]) => [x, y],
  decodeState: ({ 0: x, 1: y }) => [x!, y!],
  locate: (dot) => dot,
};

export const dotFrame = ([x, y]: Dot): Frame => ({
  width: 1,
  height: 1,
  data: Uint8Array.of(Math.round(x * 255), Math.round(y * 255), 0),
});

/** Knows the dot's world exactly: latents are places, normalised actions are twice the velocity. */
export function dotImagination(overrides: Partial<Imagination> = {}): Imagination {
  const shape = { horizon: 3, frameskip: 2, actionSize: 2, periodMs: 50, low: [-2, -2], high: [2, 2] };
  const steps = shape.horizon * shape.frameskip;
  const after = (from: Float32Array, actions: Float32Array, count: number) => {
    const place = Float32Array.from(from);
    for (let i = 0; i < count * 2; i++) place[i % 2] = inside(place[i % 2]! + (actions[i]! / 2) * 0.05);
    return place;
  };
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
  return {
    shape,
    contextLength: 3,
    pictureSize: 1,
    normalise: (action) => Float32Array.from(action, (value) => value * 2),
    denormalise: (action) => Array.from(action, (value) => value / 2),
    see: async ({ data }) => Float32Array.of(data[0]! / 255, data[1]! / 255),
    score: (context, goal) => async (candidates) => {
      const here = context.latents[context.latents.length - 1]!;
      const one = (s: number) => distance(after(here, candidates.subarray(s * steps * 2), steps), goal);
      return Float32Array.from({ length: candidates.length / (steps * 2) }, (_, s) => one(s));
    },
    expect: async ({ latents }, block) => after(latents.at(-1)!, block, shape.frameskip),
    imagine: async (context, blocks) => {
      const here = context.latents[context.latents.length - 1]!;
      const size = steps * 2;
      const latents = new Float32Array((blocks.length / size) * shape.horizon * 2);
      for (let n = 0; n < blocks.length / size; n++)
        for (let h = 0; h < shape.horizon; h++) {
          const actions = blocks.subarray(n * size, (n + 1) * size);
          latents.set(after(here, actions, (h + 1) * shape.frameskip), (n * shape.horizon + h) * 2);
        }
      return latents;
    },
    distance,
    locate: ([x, y]) => [x!, y!],
    dispose: async () => {},
    ...overrides,
  };
}

/** The cross-entropy method in its plainest form. */
export const plainCem =
  ({ samples = 40, elites = 5, low = -2, high = 2 } = {}): Planner =>
  async ({ timeMs, mean, std }, score, random) => {
    const size = mean.length;
    const noise = random.normals(samples * size);
    const candidates = noise.map((n, i) => Math.min(high, Math.max(low, mean[i % size]! + n * std[i % size]!)));
    const costs = await score(candidates);
    const best = [...costs.keys()].sort((a, b) => costs[a]! - costs[b]!).slice(0, elites);
    const of = (i: number) => best.map((s) => candidates[s * size + i]!);
    const newMean = mean.map((_, i) => of(i).reduce((sum, value) => sum + value / elites, 0));
    const spread = (i: number) => of(i).reduce((sum, value) => sum + (value - newMean[i]!) ** 2 / elites, 0);
    return {
      timeMs,
      mean: newMean,
      std: std.map((_, i) => Math.max(0.02, Math.sqrt(spread(i)))),
      cost: costs[best[0]!]!,
    };
  };

const inside = (value: number) => Math.min(1, Math.max(0, value));
