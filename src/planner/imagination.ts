import type { Seen } from '../data/view.ts';
import type { Frame } from '../drivers/driver.ts';
import type { Context } from '../perception/context.ts';
import type { CostWeights } from './costs.ts';
import type { Interpreter } from './interpreter.ts';
import type { PlanShape, Score } from './planner.ts';

/** What a mind needs of its models: to see, and to judge imagined futures. Real ones come from a checkpoint. */
export interface Imagination extends Partial<Pick<Interpreter, 'understand' | 'say'>> {
  readonly shape: PlanShape;
  /** Latents the predictor looks back on, `T`. */
  readonly contextLength: number;
  /** All that is seen as the one picture that `see` takes, where that is made of several cameras or of what is measured. */
  view?(seen: Seen): Frame | undefined;
  /** Side in pixels of the square pictures that `see` takes; any size if not given. */
  readonly pictureSize?: number;
  /** Robot units -> normalised, and back; `[A]` each. */
  normalise(action: readonly number[]): Float32Array;
  denormalise(action: Float32Array): number[];
  /** Frame -> latent `[D]`. */
  see(frame: Frame): Promise<Float32Array>;
  /** Cost of candidate futures from here toward a goal latent. */
  score(context: Context, goal: Float32Array): Score;
  /** What futures are judged by, and how much each weighs; and other weights of the same, from the next judgement on. */
  costs?(): CostWeights;
  weigh?(weights: CostWeights): void;
  /** The latent `[D]` that a block `[B]` is expected to lead to. For surprise. */
  expect(context: Context, block: Float32Array): Promise<Float32Array>;
  /** Latents imagined for block sequences `[N, H, B]` from here, up to 32: `[N, H, D]`. For pictures, and for what had to be changed since it was proposed. */
  imagine(context: Context, blocks: Float32Array): Promise<Float32Array>;
  /** How often a plan is best refined with these models, where they say so. */
  readonly refinements?: number;
  /** Distance between two latents in the units of `score` (for display and for surprise). */
  distance(a: Float32Array, b: Float32Array): number;
  /** A distance from what was expected that few nominal episodes ever show, if the checkpoint was calibrated. */
  readonly nominalSurprise?: number;
  /** How far a picture and its latent are from all that are remembered, as a share of how far nominal ones are: above 1, like nothing seen. */
  novelty?(frame: Frame, latent: Float32Array): number;
  /** What is remembered that a latent is most like: a small picture, for people. */
  recall?(latent: Float32Array): Frame;
  /** Latent -> where it is in the picture, `[0, 1]^2`, if the checkpoint knows; for pictures only, never for control. */
  locate?(latent: Float32Array): readonly [x: number, y: number];
  dispose(): Promise<void>;
}

/** Imagined latents `[N, H, D]`, moment by moment. */
export const momentsIn = (latents: Float32Array, dim: number): Float32Array[] =>
  Array.from({ length: latents.length / dim }, (_, i) => latents.subarray(i * dim, (i + 1) * dim));
