import { oneOf } from '../nearest.ts';
import { cem } from './cem.ts';
import { gradient } from './gradient.ts';
import { icem } from './icem.ts';
import { mppi } from './mppi.ts';
import type { Planner, PlanShape } from './planner.ts';
import { predictive } from './predictive.ts';

type Make = (shape: PlanShape, options: { readonly samples: number; readonly elites?: number }) => Planner;

/** By name, as `--planner` knows them. */
export const planners = { cem, icem, mppi, predictive, gradient } as const satisfies Readonly<Record<string, Make>>;
export type PlannerName = keyof typeof planners;

/** The planner of that name. Throws `UsageError` for one that nobody knows. */
export function plannerNamed(name: string): Make {
  oneOf('planner', name, Object.keys(planners));
  return planners[name as PlannerName];
}
