import type { Action, Frame, Observation } from '../drivers/driver.ts';
import type { CostWeights } from '../planner/costs.ts';
import type { Understood } from '../planner/interpreter.ts';
import type { Motion } from './act.ts';
import type { Dials, Sizes } from './dials.ts';
import type { Goal } from './goal.ts';
import type { MindModuleOptions } from './mind-module.ts';
import type { Sketch } from './sketch.ts';
import type { Surprise } from './surprise.ts';

// What travels between the body and its mind process: plain data.

/** What is told of a thought. */
export type ThoughtReport = {
  /** When the frame thought about was taken. */
  readonly timeMs: number;
  /** From the context to the plan. */
  readonly elapsedMs: number;
  readonly refinements: number;
  /** The plan before it is carried out as it was. */
  readonly kept?: boolean | undefined;
  readonly costs: readonly number[];
  readonly weights?: CostWeights | undefined;
  /** Latent distance from the goal, then. */
  readonly distance: number;
  /** When the frames were taken that have been encoded since the last report, the one thought about included. */
  readonly seenMs: readonly number[];
  readonly sketch?: Sketch | undefined;
};

/** How a mind thinks, as far as it can be told to another process. */
export type ThinkSettings = {
  readonly iterations?: number | undefined;
  readonly budgetMs?: number | undefined;
  readonly replanMs?: number | undefined;
  readonly camera?: string | undefined;
  readonly seed?: number | undefined;
  /** Measure surprise. */
  readonly surprise?: boolean | undefined;
  /** While what is seen is further from what was expected than this, there is nothing to say; `auto`: as the checkpoint was calibrated. */
  readonly maxSurprise?: number | 'auto' | undefined;
  /** Imagined paths with a report, at most once in so many ms; never unless given. */
  readonly picturesEveryMs?: number | undefined;
};

export type ToMind =
  | { readonly kind: 'start'; readonly module: string; readonly load: MindModuleOptions; readonly think: ThinkSettings }
  | { readonly kind: 'goal'; readonly goal: Goal }
  /** The newest observation; of those before it that were never sent, the actions. */
  | { readonly kind: 'seen'; readonly seen: Observation; readonly missed: readonly Missed[] }
  | { readonly kind: 'tune'; readonly dials: Dials }
  | { readonly kind: 'ping'; readonly count: number };

/** What is told of a mind once it is open, where it is known. */
export type MindFacts = {
  /** What can be tuned. */
  readonly iterations?: number | undefined;
  readonly weights?: CostWeights | undefined;
  /** What few nominal episodes exceed. */
  readonly nominalSurprise?: number | undefined;
  /** How far apart imagined moments are. */
  readonly blockMs?: number | undefined;
} & Sizes;

/** What words were taken for: also the remembered picture, where there is one. */
export type Asked = Understood & { readonly picture?: Frame | undefined };

export type Missed = { readonly timeMs: number; readonly action: Action };

export type ToBody =
  /** Told again whenever it was opened anew, as dials asked. */
  | ({
      readonly kind: 'ready';
      readonly engine: string;
      readonly pictureSize: number | undefined;
      readonly model?: string | undefined;
    } & MindFacts)
  | { readonly kind: 'taken' }
  /** `goals`: how many goals had come when this was wanted. */
  | { readonly kind: 'motion'; readonly motion: Motion; readonly goals: number }
  | { readonly kind: 'thought'; readonly report: ThoughtReport }
  | { readonly kind: 'surprise'; readonly surprise: Surprise }
  /** What is seen begins, or ends, to be further from what was expected than it may. */
  | { readonly kind: 'startled'; readonly startled: boolean; readonly surprise: Surprise }
  /** Of a goal: how unlike anything seen it is (`Imagination.novelty`), if that is known. */
  | { readonly kind: 'goal'; readonly novelty: number | undefined; readonly understood?: Asked | undefined }
  | { readonly kind: 'rejected'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | undefined; readonly exitCode: number }
  | { readonly kind: 'pong'; readonly count: number };
