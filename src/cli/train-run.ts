import { join } from 'node:path';
import { findTask } from '../../sim/tasks.ts';
import { vary } from '../../sim/vary.ts';
import type { Engine } from '../compute/engine.ts';
import type { Dataset, DatasetMeta } from '../data/dataset.ts';
import { recordedLimits, viewOf } from '../data/recorded.ts';
import type { ActionSpec } from '../drivers/driver.ts';
import type { CostChoice } from '../planner/costs.ts';
import { HORIZON } from '../planner/planner.ts';
import { calibrate, drawLandmarks, LANDMARKS } from '../worldmodel/calibrate.ts';
import { type Checkpoint, saveCheckpoint } from '../worldmodel/checkpoint.ts';
import { createEmbedder, embedMoments, momentsOf } from '../worldmodel/embed.ts';
import { type Frozen, featuresOf, freeze } from '../worldmodel/frozen.ts';
import { type Hardened, type Hardening, hardenEncoder } from '../worldmodel/harden.ts';
import { imagine } from '../worldmodel/imagined.ts';
import { buildModel, learntFrom, type ModelConfig } from '../worldmodel/model.ts';
import { fitProbe } from '../worldmodel/probe.ts';
import {
  describeData,
  type Progress,
  type TrainHooks,
  type TrainOptions,
  trainWorldModel,
} from '../worldmodel/train.ts';
import { type CriticOptions, trainCritic } from '../worldmodel/train-critic.ts';
import { trainEnsemble } from '../worldmodel/train-ensemble.ts';
import type { HeadOptions } from '../worldmodel/train-head.ts';
import { type PredictorTraining, trainPredictor } from '../worldmodel/train-predictor.ts';
import { type ReflexTraining, trainReflex } from '../worldmodel/train-reflex.ts';
import { placesOf, spread } from '../worldmodel/watch.ts';
import { modelCard } from './model-card.ts';
import type { RunFolder } from './run-folder.ts';

/** Everything that decides what a run makes; kept in its folder, so that resuming needs no option. */
export type Recipe = {
  /** The command line that began it. */
  readonly command: string;
  readonly data: string;
  /** SHA-256 of the data set, and the engine that was chosen: another one would not give the same weights. */
  readonly datasetHash: string;
  /** What critic and reflex learn from, and the predictor too, where that is another data set. */
  readonly demonstrations?: { readonly data: string; readonly hash: string } | undefined;
  /** The checkpoint that it began with; what is not learnt anew stays as it is there. */
  readonly from?: { readonly checkpoint: string; readonly hash: string } | undefined;
  readonly engineName: string;
  readonly engine: string;
  readonly threads: number;
  readonly train: TrainOptions;
  /** No critic, no reflex, no ensemble, no more of the predictor: no steps. */
  readonly predictor?: PredictorTraining;
  readonly critic: CriticOptions;
  readonly reflex: ReflexTraining;
  readonly ensemble: HeadOptions;
  readonly hardening?: Hardening;
  readonly model: Pick<ModelConfig, 'encoder' | 'predictor'> & {
    readonly criticHidden: number;
    readonly reflexHidden: number;
    readonly reflexModes?: number;
    readonly ensembleHidden: number;
    readonly ensembleMembers: number;
    /** What plans are best judged by, unless `auto`. */
    readonly planCost: CostChoice;
    readonly planner?: string | undefined;
    readonly planSteady?: number | undefined;
    readonly planKeepIn?: number | undefined;
    readonly planRefinements?: number | undefined;
  };
  readonly frameskip: number;
};

export type TrainRun = {
  readonly dir: string;
  readonly folder: RunFolder<Recipe>;
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly demonstrations?: Dataset | undefined;
  /** What it begins with, and its model card. */
  readonly begun?: (Checkpoint & { readonly card: string }) | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onPredictor: (step: number, loss: number) => void;
  readonly onCritic: (step: number, loss: number) => void;
  readonly onReflex: (step: number, loss: number) => void;
  readonly onEnsemble: (step: number, loss: number) => void;
  readonly onHardening: (step: number, loss: number) => void;
  readonly commands: readonly string[];
  readonly machine: string;
  /** Monotonic, ms. */
  readonly now: () => number;
};

/** Of GC-IDM. */
const REFLEX_LAYERS = 3;
/** Steps between two lines of `metrics.jsonl`. */
const RECORD_EVERY = 20;

/** One whole training: world model, probe, critic, checkpoint. Gives the last progress and where the checkpoint is. */
export async function trainRun(run: TrainRun): Promise<{
  readonly checkpoint: string;
  readonly last?: Progress | undefined;
  readonly hardened?: Hardened | undefined;
}> {
  const { dir, folder, engine, dataset, demonstrations, begun, signal } = run;
  const { train, predictor, critic, reflex, ensemble, hardening } = folder.recipe;
  const { limits, locate, objects } = await placeOf(dataset.meta);
  const { action, pixelMean, trainEpisodes } = describeData(dataset);
  const acting = begun?.config.action ?? { ...action, low: [...limits.low], high: [...limits.high] };
  const config = configOf(folder.recipe, dataset, { probe: locate !== undefined, action: acting, begun });

  const beganMs = run.now();
  let last = folder.last as Progress | undefined;
  const onProgress = (progress: Progress) => {
    last = { ...last, ...progress };
    if (progress.step % RECORD_EVERY === 0 || progress.health) folder.record(progress);
    run.onProgress(progress);
  };
  const onState = (step: number, state: Record<string, Float32Array>) => folder.save({ step, state });
  const params = { ...begun?.params };
  let [latents, others]: Promise<Frozen>[] = []; // of all moments: minutes of work, for those who need them
  const frozen = () => {
    latents ??= freeze(engine, dataset, config, params);
    return latents;
  };
  const shown = () => {
    others ??= demonstrations ? freeze(engine, demonstrations, config, params) : frozen();
    return others;
  };
  if (train.steps > 0) {
    const hooks = { onProgress, onState, signal, ...(locate && { locate }), ...(objects && { objects }) };
    const features = config.encoder.name === 'onnx' ? await featuresOf(engine, dataset, config) : undefined;
    const given = { resume: folder.saved, features, start: begun?.params };
    const mean = begun?.params.pixelMean ?? pixelMean;
    Object.assign(params, await trainWorldModel(engine, dataset, config, mean, train, hooks, given));
    if (features) latents = Promise.resolve(features.frozen);
    if (locate) Object.assign(params, await probeOf(engine, dataset, config, params, trainEpisodes, locate));
    Object.assign(params, drawLandmarks(dataset, await frozen(), train.seed));
  }
  if (predictor && predictor.steps > 0) {
    const hooks = { onProgress: run.onPredictor, signal };
    const sources = [
      { dataset, frozen: await frozen() },
      ...(demonstrations ? [{ dataset: demonstrations, frozen: await shown() }] : []),
    ];
    Object.assign(params, await trainPredictor(engine, sources, config, params, predictor, hooks));
  }
  if (critic.steps > 0) {
    const hooks = { onProgress: run.onCritic, signal };
    const source = { dataset: demonstrations ?? dataset, frozen: await shown() };
    const imagined = critic.imagined ? await imagine(engine, source, config, params, HORIZON) : undefined;
    Object.assign(params, await trainCritic(engine, { ...source, imagined }, config, critic, hooks));
  }
  if (reflex.steps > 0) {
    const hooks = { onProgress: run.onReflex, signal };
    Object.assign(params, await trainReflex(engine, await shown(), config, reflex, hooks));
  }
  if (ensemble.steps > 0) {
    const hooks = { onProgress: run.onEnsemble, signal };
    Object.assign(params, await trainEnsemble(engine, await frozen(), config, ensemble, hooks));
  }
  let hardened: Hardened | undefined;
  if (hardening && hardening.steps > 0) {
    const hooks = { onProgress: run.onHardening, signal };
    hardened = await hardenEncoder(engine, dataset, config, params, hardening, hooks);
    Object.assign(params, hardened.params);
  }
  const calibration = await calibrate(engine, dataset, config, params);
  const known = { ...config, ...(calibration && { calibration }) };
  const checkpoint = join(dir, 'checkpoint');
  const seconds = (run.now() - beganMs) / 1000;
  const card = modelCard({
    config: known,
    dataset,
    demonstrations,
    recipe: folder.recipe,
    begun,
    last,
    hardened,
    seconds,
    engine: engine.name,
    machine: run.machine,
    commands: run.commands,
  });
  saveCheckpoint(checkpoint, { config: known, params }, card);
  return { checkpoint, last, hardened };
}

type Locate = NonNullable<TrainHooks['locate']>;
type Place = { readonly limits: Pick<ActionSpec, 'low' | 'high'>; readonly locate?: Locate } & Pick<
  TrainHooks,
  'objects'
>;

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
    ...(varied.objects && { objects: (state) => varied.objects!(world, world.decodeState(state)) }),
  };
}

function configOf(
  { model, frameskip, train, critic, reflex, ensemble, demonstrations: shown }: Recipe,
  { meta, hash }: Dataset,
  { action, probe, begun }: Pick<ModelConfig, 'action' | 'probe'> & { readonly begun: Checkpoint | undefined },
): ModelConfig {
  const { encoder, predictor, criticHidden, reflexHidden, reflexModes = 1 } = model;
  const { ensembleHidden: hidden, ensembleMembers: members } = model;
  const view = viewOf(meta);
  const earlier = begun && learntFrom(begun.config).filter((one) => one !== hash && one !== shown?.hash);
  const kept = begun && train.steps === 0 ? begun.config : undefined; // what was learnt on other latents is of no use
  return {
    format: 'premotor-model/1',
    task: meta.task,
    data: hash,
    ...(shown && { demonstrations: shown.hash }),
    ...(earlier && earlier.length > 0 && { earlier }),
    imageSize: meta.width,
    ...(view && { view }),
    frameskip,
    periodMs: meta.periodMs,
    action,
    encoder,
    predictor,
    planning: planningOf(model, begun?.config.planning),
    critic: critic.steps > 0 ? { name: 'mlp', hidden: criticHidden } : kept?.critic,
    reflex:
      reflex.steps > 0
        ? { name: 'mlp', hidden: reflexHidden, layers: REFLEX_LAYERS, ...(reflexModes > 1 && { modes: reflexModes }) }
        : kept?.reflex,
    ensemble: ensemble.steps > 0 ? { name: 'mlp', hidden, members } : kept?.ensemble,
    landmarks: kept ? kept.landmarks : LANDMARKS,
    probe: kept ? kept.probe : probe,
  };
}

/** How plans are best made: as told, else as before; nothing, where nothing was ever told. */
function planningOf(
  { planCost: cost, planner, planSteady: steady, planKeepIn: keepIn, planRefinements: refinements }: Recipe['model'],
  before: ModelConfig['planning'],
): ModelConfig['planning'] {
  const told = {
    ...(cost !== 'auto' && { cost }),
    ...(planner !== undefined && { planner }),
    ...(steady !== undefined && { steady }),
    ...(keepIn !== undefined && { keepIn }),
    ...(refinements !== undefined && { refinements }),
  };
  return before || Object.keys(told).length > 0 ? { ...before, ...told } : undefined;
}

/** A linear read-out of the place in the picture, for pictures of plans only. */
async function probeOf(
  engine: Engine,
  dataset: Dataset,
  config: ModelConfig,
  params: Readonly<Record<string, Float32Array>>,
  episodes: number,
  locate: Locate,
) {
  const embedder = await createEmbedder(engine, buildModel(config).encoder, 256);
  try {
    embedder.load(params);
    const moments = spread(momentsOf(dataset, 0, episodes), 8192);
    const latents = await embedMoments(embedder, dataset, moments, config.encoder.latentDim);
    const { weights, bias } = fitProbe(latents, placesOf(dataset, moments, locate), config.encoder.latentDim);
    return { 'probe.w': weights, 'probe.b': bias };
  } finally {
    await embedder.dispose();
  }
}
