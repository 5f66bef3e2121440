import type { Engine, Tensors } from '../compute/engine.ts';
import type { tf } from '../compute/tf.ts';
import type { Dataset } from '../data/dataset.ts';
import { UsageError } from '../errors.ts';
import { splitEpisodes } from './clips.ts';
import { createEmbedder, embedMoments, momentsOf } from './embed.ts';
import type { Source } from './frozen.ts';
import { lexiconLoss } from './lexicon.ts';
import { buildModel, type ModelConfig, shapesOf } from './model.ts';
import { endsOf, type HeadHooks, type HeadOptions, trainHead } from './train-head.ts';
import { spread } from './watch.ts';
import { type Saying, sayingsOf, truthOf, type Words } from './words.ts';

export const lexiconDefaults: HeadOptions = { steps: 3000, batch: 512, learningRate: 1e-3, seed: 1 };

/** How true states are put into words. */
export type Describe = (state: Float64Array) => Words;

/** What can be said of a data set's moments. Throws `UsageError` where nobody knows. */
export function sayingsIn(dataset: Dataset, describe: Describe | undefined): Saying[] {
  if (describe) return sayingsOf(describe(dataset.state(0, 0)));
  throw new UsageError('--lexicon-steps needs episodes that say how things stand', {
    hint: 'those of the simulator do, of tasks that have words',
  });
}

/** Spread of the noise on the latents that it learns from: imagined ones err. */
const NOISE = 0.1;

/** Learns, from moments that are described, which sayings hold of a latent. Throws `RangeError` where moments are described in other words than the first. */
export function trainLexicon(
  engine: Engine,
  { dataset, frozen }: Source,
  config: ModelConfig,
  describe: Describe,
  options: HeadOptions,
  hooks?: HeadHooks,
): Promise<Record<string, Float32Array>> {
  const { lexicon } = buildModel(config);
  if (!lexicon) throw new RangeError('config must name a lexicon');
  const { batch } = options;
  const width = config.lexicon!.sayings.length;
  const inputs = { latents: [batch, frozen.dim], truth: [batch, width] };
  const head = { params: lexicon.params, inputs, loss: lexiconLoss(lexicon) };
  return trainHead(
    engine,
    'lexicon',
    head,
    options,
    (random) => {
      const pairs = Array.from({ length: batch }, () => frozen.draw(random, { farthest: 0 }));
      const truth = new Float32Array(batch * width);
      for (const [n, { episode, step }] of pairs.entries()) {
        const holds = truthOf(describe(dataset.state(episode, step)));
        if (holds.length !== width)
          throw new RangeError(`moments must be described by ${width} sayings, got ${holds.length}`);
        truth.set(holds.map(Number), n * width);
      }
      const latents = endsOf(frozen, pairs).from.map((value) => value + NOISE * random.normal());
      return { latents, truth };
    },
    hooks,
  );
}

/** A saying, the share of held-out moments that it is rightly said of or not, and the share that it holds of. */
export type Said = Saying & { readonly right: number; readonly often: number };

/** Held-out moments that words are judged by. */
const JUDGED = 2048;

/** How often words are right, of moments of episodes that nothing was learnt from. */
export async function judgeLexicon(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
  describe: Describe,
): Promise<Said[]> {
  const { encoder, lexicon } = buildModel(config);
  const { train } = splitEpisodes(dataset.episodes);
  const moments = spread(momentsOf(dataset, train, dataset.episodes), JUDGED);
  const embedder = await createEmbedder(engine, encoder, 256, params);
  const latents = await embedMoments(embedder, dataset, moments, encoder.latentDim).finally(() => embedder.dispose());
  const count = moments.length;
  const fn = (all: Tensors): Tensors => ({ odds: lexicon!.odds(all, all.latents as tf.Tensor2D) });
  const specs = { ...shapesOf(lexicon!.params), latents: [count, encoder.latentDim] };
  const program = await engine.compile(fn, specs, { constants: params });
  const { odds } = await program.run({ latents }).finally(() => program.dispose());
  const truths = moments.map(({ episode, step }) => truthOf(describe(dataset.state(episode, step))));
  const { sayings } = config.lexicon!;
  return sayings.map((saying, at) => ({
    ...saying,
    right: share(truths.map((truth, n) => truth[at] === odds![n * sayings.length + at]! > 0)),
    often: share(truths.map((truth) => truth[at]!)),
  }));
}

const share = (all: readonly boolean[]): number => all.filter(Boolean).length / all.length;
