import type { Random } from '../random.ts';

/** Judges candidates. Blocks are normalised; lower is better. */
export interface Score {
  /** `[S, H, B]` -> `[S]`. */
  (candidates: Float32Array): Promise<Float32Array>;
  /** The same of candidates whose ends are known, `[P, H, D]`: nothing is imagined again. Where the models were opened for so many, `P`. */
  readonly foreseen?: (candidates: Float32Array, latents: Float32Array) => Promise<Float32Array>;
  /** Costs, and how they change with every number of the candidates, `[S, H, B]`; where the models can tell. */
  readonly slopes?: (
    candidates: Float32Array,
  ) => Promise<{ readonly costs: Float32Array; readonly slopes: Float32Array }>;
}

/** A belief over the next `H` blocks, from `timeMs` on: mean and spread, each `[H * B]`, normalised. */
export type Plan = {
  readonly timeMs: number;
  readonly mean: Float32Array;
  readonly std: Float32Array;
  /** Of the best candidate seen in the last refinement. */
  readonly cost: number;
  /** The action done just before this plan begins, `[A]`, normalised, where a plan before it said so. */
  readonly before?: Float32Array | undefined;
  /** Until then it is carried out as it is: it was imagined to be at the goal by then. */
  readonly untilMs?: number | undefined;
  /** What the planner wants to find again at its next refinement: rows of `[H * B]`, which move on with the plan; shorter ones stay as they are. */
  readonly memory?: readonly Float32Array[];
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
  /** The most a normalised action may change from one control step to the next, `[A]`; any change unless given. */
  readonly rate?: readonly number[];
  /** Spread a plan starts from, per normalised number; 1 unless given. */
  readonly startStd?: number;
};

/** Blocks that a plan looks ahead, unless somebody says otherwise; and that predictors and critics learn to foretell and to judge. */
export const HORIZON = 5;

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
  const next = { ...blankPlan(shape, timeMs), untilMs: plan.untilMs };
  const steps = Math.max(0, Math.round((timeMs - plan.timeMs) / shape.periodMs));
  const from = Math.min(plan.mean.length, steps * shape.actionSize);
  next.mean.set(plan.mean.subarray(from));
  const before = from === 0 ? plan.before : plan.mean.slice(from - shape.actionSize, from);
  if (!plan.memory) return { ...next, before };
  const size = plan.mean.length;
  return { ...next, before, memory: plan.memory.map((rows) => (rows.length < size ? rows : moved(rows, size, from))) };
}

/** Every row of `size` numbers begun `from` later, its end filled up with zeros. */
function moved(rows: Float32Array, size: number, from: number): Float32Array {
  const next = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += size) next.set(rows.subarray(at + from, at + size), at);
  return next;
}

/** The plan's normalised action at a moment, or nothing before it begins or once it has run out. */
export function actionAt(plan: Plan, timeMs: number, { actionSize, periodMs }: PlanShape): Float32Array | undefined {
  const from = Math.floor((timeMs - plan.timeMs) / periodMs + 1e-6) * actionSize;
  if (from < 0 || from + actionSize > plan.mean.length) return undefined;
  return plan.mean.slice(from, from + actionSize);
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
