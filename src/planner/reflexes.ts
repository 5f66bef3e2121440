import type { Engine, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Context } from '../perception/context.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { buildModel, type ModelConfig, shapesOf } from '../worldmodel/model.ts';
import type { Reflex } from '../worldmodel/reflex.ts';
import { foresee } from '../worldmodel/rollout.ts';
import { worthwhile } from './elites.ts';
import { planShape } from './open-imagination.ts';
import { pastOf, pastSpecs } from './past.ts';
import type { Plan, PlanShape, Score } from './planner.ts';
import { legal } from './propose.ts';

/** What a reflex would do, and go on doing in the futures it imagines. */
export interface Reflexes {
  /** One future for each of seven numbers of blocks to go, and each way it may begin: normalised and legal, `[R * M, H, B]`. */
  propose(context: Context, goal: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Numbers of blocks to go that are tried: near ones each, for there a block more or less is another way. */
const REMAINING = [1, 2, 3, 4, 5, 7, 10];
/** How many futures the reflex of a checkpoint proposes: none if it has none. */
export const proposalsOf = ({ reflex }: ModelConfig): number => (reflex ? REMAINING.length * (reflex.modes ?? 1) : 0);

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

  const { modes } = reflex;
  const ways = Array.from({ length: modes }, (_, m) => m);
  const count = REMAINING.length * modes;
  /** A future for each way begins with it. */
  const each: Reflex['act'] = (params, from, to, remaining) => {
    const chosen = tf.tensor3d(
      REMAINING.flatMap(() => ways.flatMap((m) => ways.map((k) => (k === m ? 1 : 0)))),
      [count, modes, 1],
    );
    return tf.sum(tf.mul(reflex.ways(params, from, to, remaining).blocks, chosen), 1) as tf.Tensor2D;
  };

  const fn = (all: Tensors): Tensors => {
    const rows = (name: string) => tf.tile(all[name]!, [count, 1]) as tf.Tensor2D;
    const goal = rows('goal');
    const latents = Array.from({ length }, (_, t) => rows(`latent${t}`));
    const blocks = Array.from({ length: length - 1 }, (_, t) => rows(`block${t}`));
    for (let step = 0; step < horizon; step++) {
      const remaining = tf.maximum(tf.sub(all.remaining!, step), 1) as tf.Tensor2D;
      const block =
        step === 0 ? each(all, latents.at(-1)!, goal, remaining) : reflex.act(all, latents.at(-1)!, goal, remaining);
      blocks.push(tf.minimum(tf.maximum(block, tf.tensor1d(least!)), tf.tensor1d(most!)) as tf.Tensor2D);
      latents.push(foresee(predictor, all, latents, blocks));
    }
    return { blocks: tf.stack(blocks.slice(-horizon), 1) };
  };
  const specs = { ...weights, ...pastSpecs(past), goal: [1, encoder.latentDim], remaining: [count, 1] };
  const remaining = Float32Array.from(REMAINING.flatMap((time) => ways.map(() => time)));
  const program = await engine.compile(fn, specs, { constants: { ...params, remaining } });
  return {
    async propose(context, goal) {
      return (await program.run({ ...pastOf(context, past), goal })).blocks!;
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
 * The better start: the last plan, or the best of what the reflex proposes where that is worth a change, as the futures are judged. `samples` is how many
 * candidates `score` takes at most.
 */
export async function reflexStart(
  plan: Plan,
  proposals: Float32Array,
  { shape, samples, steady = 0 }: StartOptions,
  score: Score,
): Promise<Plan> {
  const size = plan.mean.length;
  const count = Math.min(samples, 1 + proposals.length / size);
  const candidates = new Float32Array(count * size);
  candidates.set(plan.mean);
  candidates.set(proposals.subarray(0, (count - 1) * size), size);
  legal(candidates, shape, plan.before);
  const costs = await score(candidates);
  const best = worthwhile(costs, steady);
  return {
    ...plan,
    mean: candidates.slice(best * size, (best + 1) * size),
    std: plan.std.map((value) => value * SPREAD),
    cost: costs[best]!,
  };
}
