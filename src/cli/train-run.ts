import { join } from 'node:path';
import type { Engine } from '../compute/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import { viewOf } from '../data/recorded.ts';
import { HORIZON } from '../planner/planner.ts';
import { calibrate, drawLandmarks, LANDMARKS } from '../worldmodel/calibrate.ts';
import { type Checkpoint, saveCheckpoint } from '../worldmodel/checkpoint.ts';
import { type Frozen, featuresOf, freeze } from '../worldmodel/frozen.ts';
import { type Hardened, type Hardening, hardenEncoder } from '../worldmodel/harden.ts';
import { imagine } from '../worldmodel/imagined.ts';
import type { Standing } from '../worldmodel/learn.ts';
import { learntFrom, type ModelConfig } from '../worldmodel/model.ts';
import { describeData, type Progress, type TrainOptions, trainWorldModel } from '../worldmodel/train.ts';
import { type CriticOptions, trainCritic } from '../worldmodel/train-critic.ts';
import { trainEnsemble } from '../worldmodel/train-ensemble.ts';
import type { HeadHooks, HeadOptions } from '../worldmodel/train-head.ts';
import { judgeLexicon, type Said, sayingsIn, trainLexicon } from '../worldmodel/train-lexicon.ts';
import { type PredictorTraining, trainPredictor } from '../worldmodel/train-predictor.ts';
import { type ReflexTraining, trainReflex } from '../worldmodel/train-reflex.ts';
import { weightsIn } from '../worldmodel/trainer.ts';
import type { Saying } from '../worldmodel/words.ts';
import { modelCard } from './model-card.ts';
import { placeOf, probeOf } from './place-of.ts';
import { type RunFolder, WORLD } from './run-folder.ts';

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
  readonly lexicon?: HeadOptions;
  readonly hardening?: Hardening;
  readonly model: Pick<ModelConfig, 'encoder' | 'predictor'> & {
    readonly criticHidden: number;
    readonly reflexHidden: number;
    readonly reflexModes?: number;
    readonly ensembleHidden: number;
    readonly ensembleMembers: number;
    /** How plans are best made, as far as it was told. */
    readonly planning: NonNullable<ModelConfig['planning']>;
  };
  readonly frameskip: number;
};

/** What is learnt on latents that stay, and then so that they do. */
export const HEADS = ['predictor', 'critic', 'reflex', 'ensemble', 'lexicon', 'hardening'] as const;
export type Head = (typeof HEADS)[number];

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
  readonly onHead: (head: Head, step: number, loss: number) => void;
  readonly commands: readonly string[];
  readonly machine: string;
  /** Monotonic, ms. */
  readonly now: () => number;
};

/** Of GC-IDM. */
const REFLEX_LAYERS = 3;
/** Width of the words. */
const LEXICON = 128;
/** Steps between two lines of `metrics.jsonl`. */
const RECORD_EVERY = 20;

/** One whole training: world model, probe, critic, checkpoint. Gives the last progress and where the checkpoint is. */
export async function trainRun(run: TrainRun): Promise<{
  readonly checkpoint: string;
  readonly last?: Progress | undefined;
  readonly hardened?: Hardened | undefined;
  readonly said?: Said[] | undefined;
}> {
  const { dir, folder, engine, dataset, demonstrations, begun, signal } = run;
  const { train, predictor, critic, reflex, ensemble, lexicon, hardening } = folder.recipe;
  const { limits, locate, objects, describe } = await placeOf(dataset.meta);
  const { action, pixelMean, trainEpisodes } = describeData(dataset);
  const acting = begun?.config.action ?? { ...action, low: [...limits.low], high: [...limits.high] };
  const sayings = lexicon && lexicon.steps > 0 ? sayingsIn(dataset, describe) : undefined;
  const config = configOf(folder.recipe, dataset, { probe: locate !== undefined, action: acting, begun, sayings });

  const beganMs = run.now();
  let last = folder.last as Progress | undefined;
  const onProgress = (progress: Progress) => {
    last = { ...last, ...progress };
    if (progress.step % RECORD_EVERY === 0 || progress.health) folder.record(progress);
    run.onProgress(progress);
  };
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
    const onState = (standing: Standing) => folder.save(WORLD, standing);
    const hooks = { onProgress, onState, signal, ...(locate && { locate }), ...(objects && { objects }) };
    const features = config.encoder.name === 'onnx' ? await featuresOf(engine, dataset, config) : undefined;
    const given = { resume: folder.saved(WORLD), features, start: begun?.params };
    const mean = begun?.params.pixelMean ?? pixelMean;
    Object.assign(params, await trainWorldModel(engine, dataset, config, mean, train, hooks, given));
    if (features) latents = Promise.resolve(features.frozen);
    if (locate) Object.assign(params, await probeOf(engine, dataset, config, params, trainEpisodes, locate));
    Object.assign(params, drawLandmarks(dataset, await frozen(), train.seed));
  }
  const hooksOf = (head: Head): HeadHooks => ({
    signal,
    resume: folder.saved(head),
    saveEvery: train.saveEvery,
    onState: (standing) => folder.save(head, standing),
    onProgress: (step, loss) => run.onHead(head, step, loss),
  });
  /** Learns a head that has steps, unless it is learnt. */
  const learnt = async (head: Head, make: (hooks: HeadHooks) => Promise<Record<string, Float32Array>>) => {
    const steps = folder.recipe[head]?.steps ?? 0;
    if (steps === 0) return;
    const hooks = hooksOf(head);
    const done = hooks.resume?.step === steps ? weightsIn(hooks.resume.state) : undefined;
    Object.assign(params, done ?? (await make(hooks)));
  };
  await learnt('predictor', async (hooks) => {
    const sources = [
      { dataset, frozen: await frozen() },
      ...(demonstrations ? [{ dataset: demonstrations, frozen: await shown() }] : []),
    ];
    return await trainPredictor(engine, sources, config, params, predictor!, hooks);
  });
  await learnt('critic', async (hooks) => {
    const source = { dataset: demonstrations ?? dataset, frozen: await shown() };
    const imagined = critic.imagined ? await imagine(engine, source, config, params, HORIZON) : undefined;
    return await trainCritic(engine, { ...source, imagined }, config, critic, hooks);
  });
  await learnt('reflex', async (hooks) => trainReflex(engine, await shown(), config, reflex, hooks));
  await learnt('ensemble', async (hooks) => trainEnsemble(engine, await frozen(), config, ensemble, hooks));
  let said: Said[] | undefined;
  if (lexicon && describe && sayings) {
    await learnt('lexicon', async (hooks) =>
      trainLexicon(engine, { dataset, frozen: await frozen() }, config, describe, lexicon, hooks),
    );
    said = await judgeLexicon(engine, dataset, config, params, describe);
  }
  let hardened: Hardened | undefined;
  if (hardening && hardening.steps > 0) {
    hardened = await hardenEncoder(engine, dataset, config, params, hardening, hooksOf('hardening'));
    Object.assign(params, hardened.params);
  }
  const stays = train.steps + (predictor?.steps ?? 0) + ensemble.steps + (hardening?.steps ?? 0) === 0;
  const calibration = (stays && begun?.config.calibration) || (await calibrate(engine, dataset, config, params));
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
    said,
    seconds,
    engine: engine.name,
    machine: run.machine,
    commands: run.commands,
  });
  saveCheckpoint(checkpoint, { config: known, params }, card);
  return { checkpoint, last, hardened, said };
}

function configOf(
  { model, frameskip, train, critic, reflex, ensemble, demonstrations: shown }: Recipe,
  { meta, hash }: Dataset,
  {
    action,
    probe,
    begun,
    sayings,
  }: Pick<ModelConfig, 'action' | 'probe'> & {
    readonly begun: Checkpoint | undefined;
    readonly sayings: Saying[] | undefined;
  },
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
    planning: planningOf(model.planning, begun?.config.planning),
    critic: critic.steps > 0 ? { name: 'mlp', hidden: criticHidden } : kept?.critic,
    reflex:
      reflex.steps > 0
        ? { name: 'mlp', hidden: reflexHidden, layers: REFLEX_LAYERS, ...(reflexModes > 1 && { modes: reflexModes }) }
        : kept?.reflex,
    ensemble: ensemble.steps > 0 ? { name: 'mlp', hidden, members } : kept?.ensemble,
    lexicon: sayings ? { name: 'mlp', hidden: LEXICON, sayings } : kept?.lexicon,
    landmarks: kept ? kept.landmarks : LANDMARKS,
    probe: kept ? kept.probe : probe,
  };
}

/** How plans are best made: as told, else as before; nothing, where nothing was ever told. */
const planningOf = (told: Recipe['model']['planning'], before: ModelConfig['planning']): ModelConfig['planning'] =>
  before || Object.keys(told).length > 0 ? { ...before, ...told } : undefined;
