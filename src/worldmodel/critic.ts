import type { Tensors } from '../compute/engine.ts';
import { geluTanh, layerNorm, linear, linearSpec, normSpec, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';

/**
 * A learned temporal distance on frozen latents: about how many blocks a capable agent needs from here to there.
 * It leads round walls, where plain latent distance leads against them.
 */
export interface Critic {
  readonly params: ParamSpecs;
  /** `[N, D]`, `[N, D]` -> `[N]`, in blocks. */
  distance(params: Tensors, from: tf.Tensor2D, to: tf.Tensor2D): tf.Tensor1D;
}

export function mlpCritic({
  latentDim,
  hidden = 256,
}: {
  readonly latentDim: number;
  readonly hidden?: number;
}): Critic {
  return {
    params: {
      ...linearSpec('critic.in', 3 * latentDim, hidden),
      ...normSpec('critic.inNorm', hidden),
      ...linearSpec('critic.mid', hidden, hidden),
      ...normSpec('critic.midNorm', hidden),
      ...linearSpec('critic.out', hidden, 1),
    },
    distance(p, from, to) {
      const pair = tf.concat([from, to, tf.sub(from, to)], 1);
      const first = geluTanh(layerNorm(p, linear(p, pair, 'critic.in'), 'critic.inNorm'));
      const second = geluTanh(layerNorm(p, linear(p, first, 'critic.mid'), 'critic.midNorm'));
      return tf.reshape(tf.softplus(linear(p, second, 'critic.out')), [from.shape[0]]) as tf.Tensor1D;
    },
  };
}

/**
 * Expectile regression to the recorded number of blocks between two moments (Newey and Powell, 1987; IQL, 2110.06169):
 * a low `expectile` asks for what the quicker recordings needed, since most of them dawdle.
 * Inputs `from`, `to` `[N, D]`, `blocks` `[N]`.
 */
export function criticLoss(critic: Critic, expectile: number) {
  return (params: Tensors, inputs: Tensors) => {
    const distance = critic.distance(params, inputs.from as tf.Tensor2D, inputs.to as tf.Tensor2D);
    const slack = tf.sub(inputs.blocks!, distance);
    const quick = tf.step(tf.neg(slack));
    const weight = tf.add(expectile, tf.mul(quick, 1 - 2 * expectile));
    return { total: tf.mean(tf.mul(weight, tf.square(slack))) as tf.Scalar };
  };
}
