import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { openEngine } from '../compute/open-engine.ts';
import { claim } from '../data/claim.ts';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/reader.ts';
import { recordedLimits, viewOf } from '../data/recorded.ts';
import { UsageError } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import { encoders } from '../perception/encoders.ts';
import { costWeights } from '../planner/costs.ts';
import { HORIZON } from '../planner/planner.ts';
import { planners } from '../planner/planners.ts';
import { auxiliaries } from '../worldmodel/auxiliaries.ts';
import { type Checkpoint, loadCheckpoint, readCard } from '../worldmodel/checkpoint.ts';
import { hardenDefaults } from '../worldmodel/harden.ts';
import type { ModelConfig } from '../worldmodel/model.ts';
import { objectives } from '../worldmodel/objectives.ts';
import { predictors } from '../worldmodel/predictors.ts';
import { trainDefaults } from '../worldmodel/train.ts';
import { criticDefaults } from '../worldmodel/train-critic.ts';
import { ensembleDefaults } from '../worldmodel/train-ensemble.ts';
import { lexiconDefaults } from '../worldmodel/train-lexicon.ts';
import { predictorDefaults } from '../worldmodel/train-predictor.ts';
import { reflexDefaults } from '../worldmodel/train-reflex.ts';
import { collectedBy } from './collected-by.ts';
import type { TrainSettings } from './commands/train.ts';
import { encoderFrom, predictorFrom } from './networks.ts';
import { duration } from './progress.ts';
import { openRun, type RunFolder, recipeOf, WORLD } from './run-folder.ts';
import { hard, looked, told, trainBars } from './train-bars.ts';
import { HEADS, type Recipe, type TrainRun, trainRun } from './train-run.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Options that change what is shown, not what is made. */
const SHOWN = ['--json', '--debug', '--quiet', '-q'];

/** A training run, new or resumed, shown on the terminal. */
export async function train(settings: TrainSettings, terminal: Terminal): Promise<Outcome> {
  const { out, resume = false } = settings;
  oneOf('--objective', settings.objective, Object.keys(objectives));
  oneOf('--encoder', settings.encoder, Object.keys(encoders));
  oneOf('--predictor', settings.predictor, Object.keys(predictors));
  if (settings.planPlanner !== undefined) oneOf('--plan-planner', settings.planPlanner, Object.keys(planners));
  for (const name of Object.keys(settings.auxiliary)) oneOf('--auxiliary', name, Object.keys(auxiliaries));
  const before = resume ? recipeOf<Recipe>(out) : undefined;
  const { data, engine: engineOption, threads } = before ?? settings;
  const shown = before ? before.demonstrations?.data : settings.demonstrations;
  const from = before ? before.from?.checkpoint : settings.from && resolve(settings.from);
  const begun = from === undefined ? undefined : { ...loadCheckpoint(from), card: readCard(from) };
  const dataset = await openDataset(data);
  if (begun) fits(begun, dataset, from!);
  const demonstrations = shown === undefined ? undefined : alike(await openDataset(shown), dataset, shown);
  const engine = await openEngine({ engine: engineOption, threads });
  const bars = trainBars(terminal);
  const startMs = performance.now();
  let release = () => {};
  try {
    const recipe = before ?? {
      ...recipeFrom(settings, await networks(settings, dataset, begun), dataset, engine.name, begun),
      ...(begun && { from: { checkpoint: from!, hash: begun.hash } }),
      ...(demonstrations && { demonstrations: { data: shown!, hash: demonstrations.hash } }),
    };
    release = claim(out);
    const folder = openRun(out, recipe, { resume });
    check(folder, out, { dataset, demonstrations, begun }, engine.name, terminal);
    terminal.say(`${dataset.episodes} episodes of ${dataset.meta.task}; ${engine.name}`);
    const { checkpoint, last, hardened, said } = await trainRun({
      dir: out,
      folder,
      engine,
      dataset,
      demonstrations,
      begun,
      signal: terminal.signal,
      onProgress: bars.world,
      onHead: (head, step, loss) => bars.head(head, step, folder.recipe[head]!.steps, loss),
      commands: [
        collectedBy(dataset, data),
        ...(demonstrations ? [collectedBy(demonstrations, shown!)] : []),
        folder.recipe.command,
      ],
      machine: `${cpus()[0]?.model.trim() ?? process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`,
      now: () => performance.now(),
    });
    const elapsedMs = performance.now() - startMs;
    const { step, losses, health, probe } = last ?? {};
    const hardness = hardened && { before: hardened.before, after: hardened.after };
    const { objective } = folder.recipe.train;
    return {
      json: {
        checkpoint,
        step,
        losses,
        health,
        probe,
        hardness,
        said,
        objective,
        engine: engine.name,
        seconds: elapsedMs / 1000,
      },
      summary: [
        ...(last ? [looked(last)] : []),
        ...(hardened ? [hard(hardened)] : []),
        ...(said ? [told(said)] : []),
        `checkpoint in ${checkpoint}, after ${duration(elapsedMs)}`,
      ],
    };
  } finally {
    release();
    bars.done();
    await engine.dispose();
    dataset.close();
    demonstrations?.close();
  }
}

/** Throws `UsageError` for episodes that another task, or another eye, made. */
function alike(dataset: Dataset, to: Dataset, path: string): Dataset {
  const facts = ({ meta }: Dataset) => [meta.task, meta.width, meta.frameEvery, meta.periodMs].join(', ');
  if (facts(dataset) === facts(to)) return dataset;
  dataset.close();
  throw new UsageError(
    `demonstrations must be of the same task, picture size, frame interval and period (${facts(to)}), got ${facts(dataset)} in ${path}`,
    { hint: 'collect them with the same options but the policy' },
  );
}

/** Throws `UsageError` for episodes that a checkpoint cannot see, or cannot act in. */
function fits({ config }: Checkpoint, { meta, close }: Dataset, path: string): void {
  const told = (size: number, view: unknown, actions: number, periodMs: number) =>
    `pictures of ${size} px${view ? ` of ${JSON.stringify(view)}` : ''}, ${actions} numbers in an action, ${periodMs} ms a step`;
  const { imageSize, view, action, periodMs } = config;
  const wanted = told(imageSize, view, action.mean.length, periodMs);
  const got = told(meta.width, viewOf(meta), meta.actionSize, meta.periodMs);
  if (wanted === got) return;
  close();
  throw new UsageError(`to go on with ${path}, episodes must have ${wanted}; got ${got}`, {
    hint: 'collect or convert them as those that it was learnt from',
  });
}

/** Those of the checkpoint that training begins with, or else of the options. */
async function networks(settings: TrainSettings, { meta }: Dataset, begun: Checkpoint | undefined): Promise<Networks> {
  if (begun) return begun.config;
  const { frameskip } = settings;
  return { encoder: await encoderFrom(settings, meta.width), predictor: predictorFrom(settings), frameskip };
}

type Networks = Pick<ModelConfig, 'encoder' | 'predictor' | 'frameskip'>;

/** Steps unless told. */
const [WORLD_STEPS, CRITIC_STEPS] = [2400, 8000];
function recipeFrom(
  settings: TrainSettings,
  { encoder, predictor, frameskip }: Networks,
  dataset: Dataset,
  engineName: string,
  begun: Checkpoint | undefined,
): Recipe {
  const { data, engine, threads, from, reflexSteps, criticHidden, reflexHidden } = settings;
  const planning = planningOf(settings);
  const { criticExpectile: expectile, criticFarthest: farthest, criticToEnd: toEnd } = settings;
  const { criticImagined: imagined, criticNoise: noise } = settings;
  const { steps = from ? 0 : WORLD_STEPS } = settings;
  const {
    predictorSteps,
    criticSteps = steps > 0 ? CRITIC_STEPS : 0,
    ensembleSteps,
    lexiconSteps,
    hardenSteps,
  } = settings;
  if (steps === 0 && !from)
    throw new UsageError('--steps must be at least 1, got 0', { hint: '--from goes on with a checkpoint as it is' });
  if (
    steps + predictorSteps + criticSteps + reflexSteps + ensembleSteps + lexiconSteps + hardenSteps === 0 &&
    Object.keys(planning).length === 0
  )
    throw new UsageError(`there is nothing to learn: ${from} stays as it is`, {
      hint: 'give --steps, --predictor-steps, --critic-steps, --reflex-steps, --ensemble-steps, --lexicon-steps or --harden-steps; or --plan-cost, --plan-planner, --plan-steady, --plan-keep-in, --plan-refinements, --plan-near',
    });
  const stays = steps > 0 ? undefined : begun?.config; // what was learnt on other latents is of no use
  const holds = { critic: criticSteps > 0 || stays?.critic, ensemble: ensembleSteps > 0 || stays?.ensemble };
  costWeights(planning.cost ?? 'auto', holds, { planning: begun?.config.planning });
  if (planning.keepIn !== undefined && !(stays ? stays.probe : !recordedLimits(dataset.meta)))
    throw new UsageError('--plan-keep-in needs episodes that say where things are in the picture', {
      hint: 'those of the simulator do',
    });
  if (hardenSteps > 0 && encoder.name === 'onnx')
    throw new UsageError('--harden-steps is for encoders that learn; a pretrained one stays as it is');
  const { seed, objective, objectiveWeight: weight, clip, batch } = settings;
  const { learningRate, directions, monitorEvery, saveEvery, auxiliary, pixelNoise } = settings;
  const drawn = {
    steps,
    seed,
    objective,
    auxiliaries: auxiliary,
    pixelNoise,
    clip,
    batch,
    learningRate,
    directions,
    monitorEvery,
    saveEvery,
  };
  return {
    command: ['premotor', ...process.argv.slice(2).filter((word) => !SHOWN.includes(word))].join(' '),
    data,
    datasetHash: dataset.hash,
    engine,
    engineName,
    threads,
    frameskip,
    train: { ...trainDefaults, ...drawn, ...(weight === undefined ? {} : { objectiveWeight: weight }) },
    predictor: { ...predictorDefaults, steps: predictorSteps, clip: predictor.contextLength + HORIZON, seed },
    critic: { ...criticDefaults, steps: criticSteps, expectile, farthest, toEnd, imagined, noise, seed },
    reflex: { ...reflexDefaults, steps: reflexSteps, seed },
    ensemble: { ...ensembleDefaults, steps: ensembleSteps, seed },
    lexicon: { ...lexiconDefaults, steps: lexiconSteps, seed },
    hardening: { ...hardenDefaults, steps: hardenSteps, colours: settings.hardenColours, seed },
    model: {
      encoder,
      predictor,
      criticHidden,
      reflexHidden,
      reflexModes: settings.reflexModes,
      ensembleHidden: settings.ensembleHidden,
      ensembleMembers: settings.ensembleMembers,
      planning,
    },
  };
}

/** How plans are best made, as far as it is told. */
const planningOf = (told: TrainSettings): Recipe['model']['planning'] => ({
  ...(told.planCost !== 'auto' && { cost: told.planCost }),
  ...(told.planPlanner !== undefined && { planner: told.planPlanner }),
  ...(told.planSteady !== undefined && { steady: told.planSteady }),
  ...(told.planKeepIn !== undefined && { keepIn: told.planKeepIn }),
  ...(told.planRefinements !== undefined && { refinements: told.planRefinements }),
  ...(told.planNear !== undefined && { near: told.planNear }),
});

/** A resumed run must see the same data; on another engine its weights will not be the same bit for bit. */
function check(
  { recipe, step }: RunFolder<Recipe>,
  out: string,
  { dataset, demonstrations, begun }: Pick<TrainRun, 'dataset' | 'demonstrations' | 'begun'>,
  engine: string,
  terminal: Terminal,
): void {
  const { data, datasetHash, demonstrations: shown, from } = recipe;
  if (from?.hash !== begun?.hash)
    throw new UsageError(`the checkpoint in ${from?.checkpoint} is not the one that the run in ${out} began with`, {
      hint: 'begin a new run in another folder with --out',
    });
  const changed = datasetHash !== dataset.hash ? data : shown?.hash !== demonstrations?.hash ? shown?.data : undefined;
  if (changed !== undefined) {
    throw new UsageError(`the data set in ${changed} is not the one that the run in ${out} began with`, {
      hint: 'begin a new run in another folder with --out',
    });
  }
  if (recipe.engineName !== engine)
    terminal.say(`note: the run began on ${recipe.engineName}; weights may differ in the last bits`);
  const part = [...HEADS].reverse().find((head) => step(head) !== undefined);
  const done = step(part ?? WORLD);
  if (done !== undefined) terminal.say(`going on after step ${done}${part ? ` of the ${part}` : ''}`);
}
