import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { openOnnxFile } from '../compute/onnx-file.ts';
import { openEngine } from '../compute/open-engine.ts';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/reader.ts';
import { RECORDED } from '../data/recorded.ts';
import { UsageError } from '../errors.ts';
import { encoders } from '../perception/encoders.ts';
import { pictureScales, picturesFor } from '../perception/onnx-encoder.ts';
import { auxiliaries } from '../worldmodel/auxiliaries.ts';
import type { ModelConfig } from '../worldmodel/model.ts';
import { objectives } from '../worldmodel/objectives.ts';
import { predictors } from '../worldmodel/predictors.ts';
import { type Progress, trainDefaults } from '../worldmodel/train.ts';
import { criticDefaults } from '../worldmodel/train-critic.ts';
import { ensembleDefaults } from '../worldmodel/train-ensemble.ts';
import { reflexDefaults } from '../worldmodel/train-reflex.ts';
import type { TrainSettings } from './commands/train.ts';
import { oneOf } from './options.ts';
import { duration } from './progress.ts';
import { openRun, type RunFolder, recipeOf } from './run-folder.ts';
import { type Recipe, trainRun } from './train-run.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Options that change what is shown, not what is made. */
const SHOWN = ['--json', '--debug', '--quiet', '-q'];

/** A training run, new or resumed, shown on the terminal. */
export async function train(settings: TrainSettings, terminal: Terminal): Promise<Outcome> {
  const { out, resume = false } = settings;
  oneOf('--objective', settings.objective, Object.keys(objectives));
  oneOf('--encoder', settings.encoder, Object.keys(encoders));
  oneOf('--predictor', settings.predictor, Object.keys(predictors));
  for (const name of Object.keys(settings.auxiliary)) oneOf('--auxiliary', name, Object.keys(auxiliaries));
  const before = resume ? recipeOf<Recipe>(out) : undefined;
  const { data, engine: engineOption, threads } = before ?? settings;
  const shown = before ? before.demonstrations?.data : settings.demonstrations;
  const dataset = await openDataset(data);
  const demonstrations = shown === undefined ? undefined : alike(await openDataset(shown), dataset, shown);
  const engine = await openEngine({ engine: engineOption, threads });
  const bars = showing(terminal);
  const startMs = performance.now();
  try {
    const recipe = before ?? {
      ...recipeFrom(settings, await encoderFrom(settings, dataset.meta.width), dataset, engine.name),
      ...(demonstrations && { demonstrations: { data: shown!, hash: demonstrations.hash } }),
    };
    const folder = openRun(out, recipe, { resume });
    check(folder, out, dataset, demonstrations, engine.name, terminal);
    terminal.say(`${dataset.episodes} episodes of ${dataset.meta.task}; ${engine.name}`);
    const { checkpoint, last } = await trainRun({
      dir: out,
      folder,
      engine,
      dataset,
      demonstrations,
      signal: terminal.signal,
      onProgress: bars.world,
      onCritic: (step, loss) => bars.critic(step, folder.recipe.critic.steps, loss),
      onEnsemble: (step, loss) => bars.ensemble(step, folder.recipe.ensemble.steps, loss),
      onReflex: (step, loss) => bars.reflex(step, folder.recipe.reflex.steps, loss),
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
    const { objective } = folder.recipe.train;
    return {
      json: { checkpoint, step, losses, health, probe, objective, engine: engine.name, seconds: elapsedMs / 1000 },
      summary: [...(last ? [looked(last)] : []), `checkpoint in ${checkpoint}, after ${duration(elapsedMs)}`],
    };
  } finally {
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

function recipeFrom(
  settings: TrainSettings,
  encoder: ModelConfig['encoder'],
  dataset: Dataset,
  engineName: string,
): Recipe {
  const { data, engine, threads, frameskip, criticSteps, reflexSteps, criticHidden, reflexHidden, planCost } = settings;
  const { steps, seed, objective, objectiveWeight: weight, clip, batch } = settings;
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
    critic: { ...criticDefaults, steps: criticSteps, seed },
    reflex: { ...reflexDefaults, steps: reflexSteps, seed },
    ensemble: { ...ensembleDefaults, steps: settings.ensembleSteps, seed },
    model: {
      encoder,
      predictor: predictorFrom(settings),
      criticHidden,
      reflexHidden,
      reflexModes: settings.reflexModes,
      ensembleHidden: settings.ensembleHidden,
      ensembleMembers: settings.ensembleMembers,
      planCost,
    },
  };
}

/** What a transformer is wider by inside its blocks and in its projector. */
const WIDER = 4;
/** Width of a head that predicts, and of what a block of actions is squeezed into first. */
const [HEAD, SQUEEZED] = [32, 10];

async function encoderFrom(settings: TrainSettings, pictureSize: number): Promise<ModelConfig['encoder']> {
  const { encoder: name, latentDim, channels, hidden: width, patch, layers, heads } = settings;
  if (settings.encoderFile !== undefined) return frozenFrom(settings.encoderFile, settings.encoderScale, pictureSize);
  if (name === 'onnx')
    throw new UsageError('encoder onnx needs --encoder-file', { hint: 'an ONNX graph that takes one picture' });
  if (name !== 'vit') return { name: name as 'conv', latentDim, channels, hidden: width };
  const wide = { hidden: WIDER * width, projector: WIDER * width, projectorNorm: true };
  return { name, latentDim, patch, width, layers, heads, ...wide };
}

/** Numbers of a latent, at most: more than a pooled row of any encoder, less than all patches of one. */
const WIDEST = 4096;

/** A pretrained encoder that is not learnt any more. */
async function frozenFrom(file: string, scaleName: string, pictureSize: number): Promise<ModelConfig['encoder']> {
  oneOf('--encoder-scale', scaleName, Object.keys(pictureScales));
  const opened = await openOnnxFile(bytesOf(file), file);
  try {
    const { imageSize, layout, batch = 1 } = opened.graph;
    if (imageSize !== pictureSize)
      throw new UsageError(`${file} takes pictures of ${imageSize} px, the episodes have ${pictureSize}`, {
        hint: `premotor collect --size ${imageSize}`,
      });
    const scale = pictureScales[scaleName]!;
    const blank = picturesFor(new Uint8Array(batch * imageSize * imageSize * 3), opened.graph, scale);
    const latentDim = (await opened.run(blank, batch)).length / batch;
    if (latentDim > WIDEST)
      throw new UsageError(
        `${file} gives ${latentDim} numbers a picture (${layout}), at most ${WIDEST} make a latent`,
        {
          hint: 'export the class token or the mean over patches',
        },
      );
    return { name: 'onnx', latentDim, file: resolve(file), mean: [...scale.mean], std: [...scale.std] };
  } finally {
    await opened.dispose();
  }
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError(`--encoder-file ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}

function predictorFrom(settings: TrainSettings): ModelConfig['predictor'] {
  const { predictor: name, context: contextLength, predictorHidden: hidden, residualBlocks, predictorHeads } = settings;
  if (name !== 'transformer') return { name: 'mlp', contextLength, hidden, residualBlocks };
  const shape = { layers: Math.max(1, residualBlocks), heads: predictorHeads, headSize: HEAD, squeezed: SQUEEZED };
  const window = Math.max(3, contextLength); // as LeWM
  return { name, contextLength, window, ...shape, hidden, projector: hidden, projectorNorm: true };
}

/** A resumed run must see the same data; on another engine its weights will not be the same bit for bit. */
function check(
  { recipe, saved }: RunFolder<Recipe>,
  out: string,
  { hash }: Dataset,
  demonstrations: Dataset | undefined,
  engine: string,
  terminal: Terminal,
): void {
  const { data, datasetHash, demonstrations: shown } = recipe;
  const changed = datasetHash !== hash ? data : shown?.hash !== demonstrations?.hash ? shown?.data : undefined;
  if (changed !== undefined) {
    throw new UsageError(`the data set in ${changed} is not the one that the run in ${out} began with`, {
      hint: 'begin a new run in another folder with --out',
    });
  }
  if (recipe.engineName !== engine)
    terminal.say(`note: the run began on ${recipe.engineName}; weights may differ in the last bits`);
  if (saved) terminal.say(`going on after step ${saved.step}`);
}

function showing(terminal: Terminal) {
  const world = terminal.progress('world model', 'steps');
  const critic = terminal.progress('critic', 'steps');
  const reflex = terminal.progress('reflex', 'steps');
  const ensemble = terminal.progress('ensemble', 'steps');
  const head = (bar: typeof critic) => (step: number, steps: number, loss: number) =>
    bar.update(step, steps, `loss ${loss.toPrecision(3)}`);
  return {
    world: (progress: Progress) => {
      if (progress.health) world.log(looked(progress));
      world.update(progress.step, progress.steps, terms(progress.losses));
      if (progress.step === progress.steps) world.done();
    },
    critic: head(critic),
    reflex: head(reflex),
    ensemble: head(ensemble),
    done: () => {
      world.done();
      critic.done();
      reflex.done();
      ensemble.done();
    },
  };
}

/** The command that makes a data set. */
function collectedBy({ meta, episodes }: Dataset, dir: string): string {
  const { task, policy, seed, width, frameEvery, variations, periodMs } = meta;
  if (typeof variations.gym === 'string') {
    const picture = `--size ${width} --frame-every ${frameEvery}`;
    return `premotor collect --gym <port of ${variations.gym}> --episodes ${episodes} --seed ${seed} --max-steps ${variations.maxSteps} ${picture} --out ${dir}`;
  }
  if (policy === RECORDED) {
    const names = Array.isArray(variations.recordings) ? variations.recordings.join(' ') : '<recordings>';
    const robot = variations.format === undefined ? ' --config <robot>' : ''; // no need of one for other tools' data
    return `premotor convert ${names}${robot} --period-ms ${periodMs} --size ${width} --out ${dir}`;
  }
  const varied = Object.entries(variations).map(([name, value]) => ` --vary ${name}=${JSON.stringify(value)}`);
  const picture = `--size ${width} --frame-every ${frameEvery}`;
  return `premotor collect --task ${task} --policy ${policy} --episodes ${episodes} --seed ${seed} ${picture}${varied.join('')} --out ${dir}`;
}

const terms = (losses: Progress['losses']) =>
  Object.entries(losses)
    .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
    .join(' ');

/** What a look at held-out latents found, in one line. */
function looked({ step, health, probe, objects }: Progress): string {
  const position = probe?.map((share) => `${(100 * share).toFixed(1)} %`).join(', ') ?? 'not looked at';
  const cloud = health
    ? `; SIGReg ${health.sigreg.toFixed(2)}, rank ${health.effectiveRank.toFixed(1)}, spread ${health.stdMean.toFixed(2)}`
    : '';
  const things = Object.entries(objects ?? {}).map(
    ([name, shares]) => `${name} ${shares.map((share) => (100 * share).toFixed(0)).join('/')}`,
  );
  return `step ${step}: true position read off held-out latents: ${position}${things.length > 0 ? `; ${things.join(', ')}` : ''}${cloud}${health?.collapsed ? '; COLLAPSED' : ''}`;
}
