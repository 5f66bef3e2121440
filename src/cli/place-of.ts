import { findTask } from '../../sim/tasks.ts';
import { vary } from '../../sim/vary.ts';
import type { Engine } from '../compute/engine.ts';
import type { Dataset, DatasetMeta } from '../data/dataset.ts';
import { recordedLimits } from '../data/recorded.ts';
import type { ActionSpec } from '../drivers/driver.ts';
import { createEmbedder, embedMoments, momentsOf } from '../worldmodel/embed.ts';
import { buildModel, type ModelConfig } from '../worldmodel/model.ts';
import { fitProbe } from '../worldmodel/probe.ts';
import type { TrainHooks } from '../worldmodel/train.ts';
import type { Describe } from '../worldmodel/train-lexicon.ts';
import { placesOf, spread } from '../worldmodel/watch.ts';

type Locate = NonNullable<TrainHooks['locate']>;
type Place = { readonly limits: Pick<ActionSpec, 'low' | 'high'>; readonly locate?: Locate } & Pick<
  TrainHooks,
  'objects'
> & { readonly describe?: Describe };

/** What is known of where episodes come from: limits of actions and, in a world of ours, the place that a state is. */
export async function placeOf(meta: DatasetMeta): Promise<Place> {
  const limits = recordedLimits(meta);
  if (limits) return { limits };
  const task = findTask(meta.task);
  await task.prepare?.();
  const varied = vary(task, meta.variations);
  const world = varied.world();
  return {
    limits: world.actionSpec,
    locate: (state) => world.locate(world.decodeState(state)),
    ...(varied.words && { describe: (state) => varied.words!(world, world.decodeState(state)) }),
    ...(varied.objects && { objects: (state) => varied.objects!(world, world.decodeState(state)) }),
  };
}

/** A linear read-out of the place in the picture, for pictures of plans only. */
export async function probeOf(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
  episodes: number,
  locate: Locate,
) {
  const embedder = await createEmbedder(engine, buildModel(config).encoder, 256, params);
  try {
    const moments = spread(momentsOf(dataset, 0, episodes), 8192);
    const latents = await embedMoments(embedder, dataset, moments, config.encoder.latentDim);
    const { weights, bias } = fitProbe(latents, placesOf(dataset, moments, locate), config.encoder.latentDim);
    return { 'probe.w': weights, 'probe.b': bias };
  } finally {
    await embedder.dispose();
  }
}
