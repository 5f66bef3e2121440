import type { Random } from '../random.ts';

/** `[S, H, B]` -> `[S]`, lower is better. Blocks are normalised. */
export type Score = (candidates: Float32Array) => Promise<Float32Array>;

/** A belief over the next `H` blocks, from `timeMs` on: mean and spread, each `[H * B]`, normalised. */
export type Plan = {
  readonly timeMs: number;
  readonly mean: Float32Array;
  readonly std: Float32Array;
  /** Of the best candidate seen in the last refinement. */
  readonly cost: number;
};

/** One refinement: propose, score, keep what was good. Pure but for `random`. */
export type Planner = (plan: Plan, score: Score, random: Random) => Promise<Plan>;

export type PlanShape = {
  /** Blocks looked ahead, `H`. */
  readonly horizon: number;
  /** Control steps per block. */
  readonly frameskip: number;
  /** Numbers per action, `A`; a block has `B = frameskip * A`. */
  readonly actionSize: number;
  /** Milliseconds per control step. */
  readonly periodMs: number;
  /** Legal range of a normalised action, `[A]` each. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Spread a plan starts from, per normalised number; 1 unless given. */
  readonly startStd?: number;
};

/** Knows nothing yet: zero mean (kept legal), full spread. */
export function blankPlan(
  { horizon, frameskip, actionSize, low, high, startStd = 1 }: PlanShape,
  timeMs: number,
): Plan {
  const size = horizon * frameskip * actionSize;
  const mean = Float32Array.from({ length: size }, (_, i) => clamp(0, low[i % actionSize]!, high[i % actionSize]!));
  return { timeMs, mean, std: new Float32Array(size).fill(startStd), cost: Number.POSITIVE_INFINITY };
}

/** The same plan, seen from a later moment: what is past drops off, the end is blank, the spread opens up again. */
export function advance(plan: Plan, timeMs: number, shape: PlanShape): Plan {
  const next = blankPlan(shape, timeMs);
  const steps = Math.max(0, Math.round((timeMs - plan.timeMs) / shape.periodMs));
  const from = Math.min(plan.mean.length, steps * shape.actionSize);
  next.mean.set(plan.mean.subarray(from));
  return next;
}

/** The plan's normalised action at a moment, or nothing before it begins or once it has run out. */
export function actionAt(plan: Plan, timeMs: number, { actionSize, periodMs }: PlanShape): Float32Array | undefined {
  const from = Math.floor((timeMs - plan.timeMs) / periodMs + 1e-6) * actionSize;
  if (from < 0 || from + actionSize > plan.mean.length) return undefined;
  return plan.mean.slice(from, from + actionSize);
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
