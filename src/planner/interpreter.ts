import type { Engine, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import { BadGoal } from '../errors.ts';
import type { Checkpoint } from '../worldmodel/checkpoint.ts';
import { understood } from '../worldmodel/instruction.ts';
import { likely } from '../worldmodel/lexicon.ts';
import { buildModel, shapesOf } from '../worldmodel/model.ts';
import { type Saying, spoken } from '../worldmodel/words.ts';

/** Between words and latents, both ways. */
export interface Interpreter {
  /**
   * The remembered moment that an instruction asks for: of those that it surely holds of the nearest from here, by the critic. Throws `UsageError`
   * for words that are not known and `BadGoal` where it holds of nothing that is remembered.
   */
  understand(instruction: string, here: Float32Array): Promise<Understood>;
  /** What more likely holds of latents than not, one by one. */
  say(latents: readonly Float32Array[]): Promise<string[]>;
  dispose(): Promise<void>;
}

export type Understood = {
  /** `[D]`. */
  readonly latent: Float32Array;
  /** What was understood, in full. */
  readonly words: string;
  /** How likely that holds of it. */
  readonly sure: number;
};

/** What holds less likely than this of everything that is remembered is nothing to go to. */
const LEAST = 0.25;
/** Latents put into words at a time. */
const TOLD = 2;
/** As good as the surest: nearer ones lie where it just begins to hold, and who comes near may miss it. */
const AS_SURE = 0.99;

/** `undefined` where the checkpoint has no lexicon, or remembers nothing. */
export async function openInterpreter(
  engine: Engine,
  { config, params }: Checkpoint,
): Promise<Interpreter | undefined> {
  const { critic, lexicon, encoder } = buildModel(config);
  const count = config.landmarks;
  if (!lexicon || !count) return undefined;
  const known: readonly Saying[] = config.lexicon!.sayings;
  const dim = encoder.latentDim;
  const search = (all: Tensors): Tensors => {
    const landmarks = all.landmarks as tf.Tensor2D;
    const from = tf.tile(tf.reshape(all.here!, [1, dim]), [count, 1]) as tf.Tensor2D;
    const blocks = critic
      ? critic.distance(all, from, landmarks)
      : tf.sqrt(tf.sum(tf.squaredDifference(from, landmarks), 1));
    return { holds: likely(lexicon.odds(all, landmarks)), blocks };
  };
  const specs = { ...shapesOf(lexicon.params), ...(critic && shapesOf(critic.params)), landmarks: [count, dim] };
  const finder = await engine.compile(search, { ...specs, here: [dim] }, { constants: params });
  const read = (all: Tensors): Tensors => ({ odds: lexicon.odds(all, all.latents as tf.Tensor2D) });
  const reader = await engine.compile(
    read,
    { ...shapesOf(lexicon.params), latents: [TOLD, dim] },
    { constants: params },
  );
  return {
    async understand(instruction, here) {
      const asked = understood(instruction, known);
      const words = spoken(asked.map((at) => known[at]!));
      const { holds, blocks } = await finder.run({ here });
      const sure = Array.from({ length: count }, (_, n) =>
        Math.exp(asked.reduce((sum, at) => sum + holds![n * known.length + at]!, 0)),
      );
      const surest = Math.max(...sure);
      if (!(surest >= LEAST))
        throw new BadGoal(
          `nothing is remembered of which it holds that ${words} (${(100 * surest).toFixed(0)} % at best)`,
          {
            hint: 'ask for less, or show a picture',
          },
        );
      const fit = [...sure.keys()].filter((n) => sure[n]! >= AS_SURE * surest);
      const chosen = fit.reduce((best, n) => (blocks![n]! < blocks![best]! ? n : best));
      return { latent: params.landmarks!.slice(chosen * dim, (chosen + 1) * dim), words, sure: sure[chosen]! };
    },
    async say(latents) {
      if (latents.length > TOLD) throw new RangeError(`latents must be ${TOLD} at most, got ${latents.length}`);
      const all = new Float32Array(TOLD * dim);
      for (const [n, latent] of latents.entries()) all.set(latent, n * dim);
      const { odds } = await reader.run({ latents: all });
      return latents.map((_, n) => spoken(known.filter((_, at) => odds![n * known.length + at]! > 0)));
    },
    async dispose() {
      await finder.dispose();
      await reader.dispose();
    },
  };
}
