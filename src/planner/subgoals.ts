import type { Engine, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { buildModel, shapesOf } from '../worldmodel/model.ts';

/** Chooses what to plan for now, where the goal is beyond the horizon. */
export interface Subgoals {
  /** Latents here and there, `[D]` each -> where to aim: the goal, or a remembered latent on the way. */
  aim(now: Float32Array, goal: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Sub-goals among the remembered latents of a checkpoint, by its critic: within reach, where the way here to there to the goal is the
 * shortest (search on the replay buffer, arXiv 1906.05253, one step of it). `undefined` where the checkpoint has no critic or remembers
 * nothing. `reach` is in blocks.
 */
export async function openSubgoals(
  engine: Engine,
  { config, params }: Checkpoint,
  reach: number,
): Promise<Subgoals | undefined> {
  const { critic, encoder } = buildModel(config);
  const count = config.landmarks;
  if (!critic || !count) return undefined;
  const dim = encoder.latentDim;
  const fn = (all: Tensors): Tensors => {
    const landmarks = all.landmarks as tf.Tensor2D;
    const repeated = (name: string) => tf.tile(tf.reshape(all[name]!, [1, dim]), [count, 1]) as tf.Tensor2D;
    const one = (name: string) => tf.reshape(all[name]!, [1, dim]) as tf.Tensor2D;
    return {
      direct: critic.distance(all, one('now'), one('goal')),
      there: critic.distance(all, repeated('now'), landmarks),
      onward: critic.distance(all, landmarks, repeated('goal')),
    };
  };
  const weights = { ...shapesOf(critic.params), landmarks: [count, dim] };
  const program = await engine.compile(fn, { ...weights, now: [dim], goal: [dim] }, { constants: params });
  return {
    async aim(now, goal) {
      const { direct, there, onward } = await program.run({ now, goal });
      const chosen = onTheWay(direct![0]!, there!, onward!, reach);
      return chosen === undefined ? goal : params.landmarks!.slice(chosen * dim, (chosen + 1) * dim);
    },
    dispose: () => program.dispose(),
  };
}

/** The landmark to aim at: none where the goal is within reach, or where none within reach is nearer to it. */
export function onTheWay(direct: number, there: Float32Array, onward: Float32Array, reach: number): number | undefined {
  if (direct <= reach) return undefined;
  let chosen: number | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  there.forEach((first, i) => {
    const way = first + onward[i]!;
    if (first > reach || onward[i]! >= direct || way >= shortest) return;
    [chosen, shortest] = [i, way];
  });
  return chosen;
}
