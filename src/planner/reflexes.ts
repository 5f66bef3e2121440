import type { Engine, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Context } from '../perception/context.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { buildModel, type ModelConfig, shapesOf } from '../worldmodel/model.ts';
import { likeliest, type Reflex } from '../worldmodel/reflex.ts';
import { foresee } from '../worldmodel/rollout.ts';
import { worthwhile } from './elites.ts';
import { planShape } from './open-imagination.ts';
import { pastOf, pastSpecs } from './past.ts';
import type { Plan, PlanShape, Score } from './planner.ts';
import { legal } from './propose.ts';

/** What a reflex would do, and go on doing in the futures it imagines. */
export interface Reflexes {
  /** The last plan `[H, B]`, and one future for each of five numbers of blocks to go and each of the three likeliest ways it may begin. */
  propose(context: Context, goal: Float32Array, plan: Float32Array): Promise<Proposals>;
  dispose(): Promise<void>;
}

/** Futures, the last plan first: what to do, normalised and legal, `[1 + R * W, H, B]`, and what that is imagined to lead to, `[1 + R * W, H, D]`. */
export type Proposals = { readonly blocks: Float32Array; readonly latents: Float32Array };

/** Numbers of blocks to go that are tried: near ones each, for there a block more or less is another way. */
const REMAINING = [1, 2, 3, 5, 8];
/** The likeliest ways that are tried of those that a reflex tells apart, at most. */
const WAYS = 3;

/** How many futures the reflex of a checkpoint proposes, the last plan among them: none if it has none. */
export const proposalsOf = ({ reflex }: ModelConfig): number =>
  reflex ? 1 + REMAINING.length * Math.min(WAYS, reflex.modes ?? 1) : 0;

/** Taken off the log-probability of a way that was chosen. */
const UNLIKELY = 1e6;

/** Share of a blank plan's spread that is left around what a reflex proposes. */
const SPREAD = 0.5;

/** Opens the reflex of a checkpoint: undefined if it has none. */
export async function openReflexes(
  engine: Engine,
  { config, params }: Checkpoint,
  horizon: number,
): Promise<Reflexes | undefined> {
  const { predictor, reflex, encoder } = buildModel(config);
  if (!reflex) return undefined;
  const { low, high, frameskip } = planShape(config, horizon);
  const length = predictor.contextLength;
  const blockSize = frameskip * low.length;
  const [least, most] = [low, high].map((limits) => Array.from({ length: frameskip }, () => limits).flat());
  const past = { length, dim: encoder.latentDim, blockSize };
  const weights = { ...shapesOf(predictor.params), ...shapesOf(reflex.params) };

  const ways = Array.from({ length: Math.min(WAYS, reflex.modes) }, (_, m) => m);
  const count = REMAINING.length * ways.length;
  /** A future for each of the likeliest ways begins with it. */
  const each: Reflex['act'] = (params, from, to, remaining) => {
    const { blocks, likely } = reflex.ways(params, from, to, remaining);
    let others = likely;
    const chosen = ways.map((m) => {
      const next = likeliest(others);
      others = tf.sub(others, tf.mul(next, UNLIKELY));
      const mine = REMAINING.flatMap(() => ways.map((k) => (k === m ? 1 : 0)));
      return tf.mul(next, tf.tensor2d(mine, [count, 1]));
    });
    return tf.sum(tf.mul(blocks, tf.expandDims(tf.addN(chosen), 2)), 1) as tf.Tensor2D;
  };

  const fn = (all: Tensors): Tensors => {
    const rows = (name: string, count: number) => tf.tile(all[name]!, [count, 1]) as tf.Tensor2D;
    const goal = rows('goal', count);
    const latents = Array.from({ length }, (_, t) => rows(`latent${t}`, 1 + count));
    const blocks = Array.from({ length: length - 1 }, (_, t) => rows(`block${t}`, 1 + count));
    for (let step = 0; step < horizon; step++) {
      const remaining = tf.maximum(tf.sub(all.remaining!, step), 1) as tf.Tensor2D;
      const here = tf.slice(latents.at(-1)!, [1, 0], [count, encoder.latentDim]);
      const block = step === 0 ? each(all, here, goal, remaining) : reflex.act(all, here, goal, remaining);
      const possible = tf.minimum(tf.maximum(block, tf.tensor1d(least!)), tf.tensor1d(most!));
      blocks.push(tf.concat([tf.slice(all.plan!, [step, 0], [1, blockSize]), possible]) as tf.Tensor2D);
      latents.push(foresee(predictor, all, latents, blocks));
    }
    return { blocks: tf.stack(blocks.slice(-horizon), 1), latents: tf.stack(latents.slice(-horizon), 1) };
  };
  const specs = {
    ...weights,
    ...pastSpecs(past),
    ...{ goal: [1, encoder.latentDim], remaining: [count, 1], plan: [horizon, blockSize] },
  };
  const remaining = Float32Array.from(REMAINING.flatMap((time) => ways.map(() => time)));
  const program = await engine.compile(fn, specs, { constants: { ...params, remaining } });
  return {
    async propose(context, goal, plan) {
      const { blocks, latents } = await program.run({ ...pastOf(context, past), goal, plan });
      return { blocks: blocks!, latents: latents! };
    },
    dispose: () => program.dispose(),
  };
}

export type StartOptions = {
  readonly shape: PlanShape;
  readonly samples: number;
  /** Share of its cost that a proposal must be better by than the last plan; 0 unless given. */
  readonly steady?: number | undefined;
};

/**
 * The better start: the last plan, or the best of what the reflex proposes where that is worth a change, as the futures are judged; and what
 * it leads to, `[H, D]`, where that is as it was proposed. `samples` is how many candidates `score` takes at most.
 */
export async function reflexStart(
  plan: Plan,
  { blocks, latents }: Proposals,
  { shape, samples, steady = 0 }: StartOptions,
  score: Score,
): Promise<{ readonly plan: Plan; readonly latents: Float32Array | undefined }> {
  const size = plan.mean.length;
  const candidates = blocks.slice(0, samples * size);
  legal(candidates, shape, plan.before);
  const asProposed = shape.rate === undefined && candidates.length === blocks.length;
  const costs = await (asProposed && score.foreseen ? score.foreseen(blocks, latents) : score(candidates));
  const best = worthwhile(costs, steady);
  const row = (of: Float32Array, width: number) => of.slice(best * width, (best + 1) * width);
  const mean = row(candidates, size);
  return {
    plan: { ...plan, mean, std: plan.std.map((value) => value * SPREAD), cost: costs[best]! },
    latents: asProposed ? row(latents, latents.length / (blocks.length / size)) : undefined,
  };
}
