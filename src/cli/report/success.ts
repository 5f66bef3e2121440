import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from '../../errors.ts';
import { type Chart, chart } from './chart.ts';
import type { Report } from './page.ts';

const timing = z.object({ p50: z.number(), p95: z.number(), p99: z.number(), mean: z.number() });
const evaluation = z.object({
  task: z.string(),
  protocol: z.string(),
  episodes: z.number(),
  seed: z.number(),
  success: z.number(),
  interval: z.tuple([z.number(), z.number()]).optional(),
  random: z.number(),
  planMs: timing.optional(),
  /** Told by whoever compares. */
  name: z.string().optional(),
  planner: z.string().optional(),
  iterations: z.number().optional(),
});
type Evaluation = z.infer<typeof evaluation>;

/** What `premotor eval --json` told: success with its intervals, over the budget where that was varied, and how long plans took. */
export async function successReport(path: string): Promise<Report> {
  const found = evaluationsOf(path);
  const curved = found.filter(({ planner }) => planner !== undefined);
  const timed = found.filter(({ planMs }) => planMs);
  return {
    title: 'How often the goal is reached',
    subtitle: `${path}: ${found.length} evaluations`,
    sections: [
      ...(curved.some(({ iterations }) => iterations !== undefined)
        ? [
            {
              title: 'Success against the budget',
              text: 'More refinements, more time: with 95 % intervals. What makes none, as a reflex, is a point in time.',
              charts: await curves(curved),
            },
          ]
        : []),
      {
        title: 'Success',
        text: 'Percent of episodes, with the 95 % interval (Wilson); the tick is the random policy on the same pairs.',
        charts: [await bars(found)],
      },
      ...(timed.length > 0
        ? [
            {
              title: 'How long a plan takes',
              table: [
                ['', 'p50, ms', 'p95', 'p99', 'a second'],
                ...timed.map((one) => {
                  const { p50, p95, p99, mean } = one.planMs!;
                  return [nameOf(one), p50.toFixed(1), p95.toFixed(1), p99.toFixed(1), (1000 / mean).toFixed(1)];
                }),
              ],
            },
          ]
        : []),
    ],
  };
}

/** Every line of a file that is an evaluation. Throws `UsageError` where none is. */
export function evaluationsOf(path: string): Evaluation[] {
  const found = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return evaluation.safeParse(JSON.parse(line)).data ?? [];
      } catch {
        return [];
      }
    });
  if (found.length > 0) return found;
  throw new UsageError(`${path} holds no evaluation`, { hint: 'collect the lines of premotor eval --json in a file' });
}

const nameOf = ({ task, protocol, name, planner, iterations, seed }: Evaluation) =>
  name ??
  [task, protocol, planner, iterations === undefined ? undefined : `${iterations} refinements`, `seed ${seed}`]
    .filter(Boolean)
    .join(', ');

const bars = (found: readonly Evaluation[]): Promise<Chart> =>
  chart('success', {
    width: 480,
    height: { step: 22 },
    data: {
      values: found.map((one) => ({
        who: nameOf(one),
        ...one,
        low: one.interval?.[0] ?? one.success,
        high: one.interval?.[1] ?? one.success,
      })),
    },
    encoding: { y: { field: 'who', type: 'nominal', sort: null, title: null, axis: { labelLimit: 320 } } },
    layer: [
      {
        mark: { type: 'bar', color: '#4c78a8', height: 12 },
        encoding: { x: { field: 'success', type: 'quantitative', title: 'percent', scale: { domain: [0, 100] } } },
      },
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'tick', color: '#e45756', thickness: 2 },
        encoding: { x: { field: 'random', type: 'quantitative' } },
      },
    ],
  });

const curves = (found: readonly Evaluation[]): Promise<Chart[]> => {
  const values = found.map(({ planner, iterations, success, interval, planMs }) => ({
    planner,
    iterations,
    success,
    low: interval?.[0] ?? success,
    high: interval?.[1] ?? success,
    ms: planMs?.mean,
  }));
  const against = (field: 'iterations' | 'ms', title: string) =>
    chart(`success-${field}`, {
      width: 380,
      height: 260,
      data: { values: values.filter((one) => one[field] !== undefined) },
      encoding: {
        x: { field, type: 'quantitative', title, scale: { type: 'log' } },
        color: { field: 'planner', type: 'nominal', title: null },
      },
      layer: [
        {
          mark: { type: 'line', point: true },
          encoding: { y: { field: 'success', type: 'quantitative', title: 'percent of goals reached' } },
        },
        {
          mark: { type: 'rule', opacity: 0.4 },
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
      ],
    });
  return Promise.all([against('iterations', 'refinements a plan'), against('ms', 'ms a plan (mean)')]);
};
