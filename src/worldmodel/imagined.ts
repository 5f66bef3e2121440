import type { Engine, Tensors } from '../compute/engine.ts';
import { tf } from '../compute/tf.ts';
import { normaliseActions, splitEpisodes } from './clips.ts';
import { type Moment, momentsOf } from './embed.ts';
import type { Source } from './frozen.ts';
import { buildModel, type ModelConfig, shapesOf } from './model.ts';
import { rollout } from './rollout.ts';

/** Moments that are imagined on from at once. */
const BATCH = 1024;

/**
 * Every moment as it was imagined, by what was then done, 1 to `depth` blocks before: that many times `[count, D]`, rows as in `frozen`. Rows of
 * moments that had not so much before them are zero.
 */
export async function imagine(
  engine: Engine,
  { dataset, frozen }: Source,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
  depth: number,
): Promise<Float32Array[]> {
  const { predictor } = buildModel(config);
  const { contextLength: length } = predictor;
  const { frameskip, action } = config;
  const { dim, latents, row } = frozen;
  const size = frameskip * action.mean.length;
  const names = (what: string, count: number) => Array.from({ length: count }, (_, t) => `${what}${t}`);
  const past = { latents: names('latent', length), blocks: names('block', length - 1) };
  const next = names('next', depth);

  const fn = (all: Tensors): Tensors => {
    const of = (list: readonly string[]) => list.map((name) => all[name]! as tf.Tensor2D);
    return {
      imagined: tf.stack(rollout(predictor, all, { latents: of(past.latents), blocks: of(past.blocks) }, of(next))),
    };
  };
  const specs = {
    ...shapesOf(predictor.params),
    ...Object.fromEntries(past.latents.map((name) => [name, [BATCH, dim]])),
    ...Object.fromEntries([...past.blocks, ...next].map((name) => [name, [BATCH, size]])),
  };
  const program = await engine.compile(fn, specs, { constants: params });
  const blockAt = ({ episode, step }: Moment, ahead: number): Float32Array | undefined => {
    const from = step + ahead * frameskip;
    if (from < 0 || from + frameskip > dataset.length(episode)) return undefined;
    return normaliseActions(dataset.actions(episode, from, from + frameskip), action);
  };
  const latentAt = ({ episode, step }: Moment, ahead: number): Float32Array => {
    const at = row({ episode, step: Math.max(step % frameskip, step + ahead * frameskip) });
    return latents.subarray(at * dim, (at + 1) * dim);
  };
  const gathered = (moments: readonly Moment[], width: number, one: (moment: Moment) => Float32Array | undefined) => {
    const rows = new Float32Array(BATCH * width);
    moments.forEach((moment, n) => {
      rows.set(one(moment) ?? [], n * width);
    });
    return rows;
  };

  const imagined = Array.from({ length: depth }, () => new Float32Array(latents.length));
  const moments = momentsOf(dataset, 0, splitEpisodes(dataset.episodes).train);
  try {
    for (let from = 0; from < moments.length; from += BATCH) {
      const some = moments.slice(from, from + BATCH);
      const outputs = await program.run({
        ...Object.fromEntries(
          past.latents.map((name, t) => [name, gathered(some, dim, (m) => latentAt(m, t + 1 - length))]),
        ),
        ...Object.fromEntries(
          past.blocks.map((name, t) => [name, gathered(some, size, (m) => blockAt(m, t + 1 - length))]),
        ),
        ...Object.fromEntries(next.map((name, t) => [name, gathered(some, size, (m) => blockAt(m, t))])),
      });
      some.forEach(({ episode, step }, n) => {
        for (const [t, rows] of imagined.entries()) {
          const then = step + (t + 1) * frameskip;
          if (then > dataset.length(episode)) return;
          const found = (t * BATCH + n) * dim;
          rows.set(outputs.imagined!.subarray(found, found + dim), row({ episode, step: then }) * dim);
        }
      });
    }
    return imagined;
  } finally {
    await program.dispose();
  }
}
