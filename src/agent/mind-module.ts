import type { CostChoice } from '../planner/costs.ts';
import type { KeepOut } from '../planner/guardrails/keep-out.ts';
import type { Imagination } from '../planner/imagination.ts';
import type { Planner } from '../planner/planner.ts';
import type { PlannerName } from '../planner/planners.ts';
import type { DeliberateOptions } from './deliberate.ts';

export const MODES = ['auto', 'plan', 'reflex'] as const;
export type Mode = (typeof MODES)[number];

/** What a mind is made from; the default module reads a checkpoint. Plain data. */
export type MindModuleOptions = {
  /** Folder of the checkpoint. */
  readonly checkpoint: string;
  /** Engine to run it on; the best there is unless given. */
  readonly engine?: string | undefined;
  readonly threads?: number | undefined;
  /** Candidates per refinement, how many of them are kept, and blocks looked ahead. */
  readonly samples?: number | undefined;
  readonly elites?: number | undefined;
  readonly horizon?: number | undefined;
  /** How plans are refined: as the checkpoint says, else by the cross-entropy method, unless given. */
  readonly planner?: PlannerName | undefined;
  /** Time of a control step: the one the model was trained at unless given. A shorter one plays its world faster. */
  readonly periodMs?: number | undefined;
  /** Think by search, by reflex alone, or search from what the reflex proposes (`auto`, where there is one). */
  readonly mode?: Mode | undefined;
  /** What futures are judged by: a recipe, or costs with their weights. */
  readonly cost?: CostChoice | undefined;
  /** Aim at remembered latents on the way where the goal is beyond the horizon; where the checkpoint has a critic and remembers. */
  readonly subgoals?: boolean | undefined;
  /** Discs of the picture that no plan may lead into. */
  readonly keepOut?: readonly KeepOut[] | undefined;
  /** No plan may lead nearer to the edges of the picture, sides of it: as the checkpoint says, or any, unless given. */
  readonly keepIn?: number | undefined;
  /** No plan may hold a step that the ensemble disagrees about more than this. */
  readonly maxSpread?: number | 'auto' | undefined;
  /** The most that a number of an action may change from one control step to the next, in the robot's units. */
  readonly maxRate?: number | undefined;
};

/** Models opened, and a way to plan with them. */
export type OpenMind = {
  readonly imagination: Imagination;
  readonly planner: Planner;
  /** What runs it, for people to read. */
  readonly engine: string;
  /** SHA-256 of the model's weights, if it has any. */
  readonly model?: string;
  /** Candidates per refinement, if they are counted. */
  readonly samples?: number;
  /** SHA-256 of the data sets that the model was trained on, if known. */
  readonly trainedOn?: readonly string[];
  readonly warmStart?: DeliberateOptions['warmStart'];
  readonly aim?: DeliberateOptions['aim'];
  /** Closes models and engine. */
  dispose(): Promise<void>;
};

/** A module that a mind process can be made of. */
export type MindModule = { readonly openMind: (options: MindModuleOptions) => Promise<OpenMind> };
