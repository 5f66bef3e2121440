import type { DatasetMeta } from '../../data/dataset.ts';
import { UsageError } from '../../errors.ts';
import type { Progress } from '../../worldmodel/train.ts';
import { decimal, list, whole } from '../options.ts';
import { duration } from '../progress.ts';
import type { Recipe } from '../train-run.ts';
import { type Terminal, verb, work } from '../verb.ts';

type Options = {
  readonly data: string;
  readonly out: string;
  readonly resume?: boolean;
  readonly steps: number;
  readonly seed: number;
  readonly regularizer: string;
  readonly regularizerWeight?: number;
  readonly batch: number;
  readonly clip: number;
  readonly learningRate: number;
  readonly directions: number;
  readonly criticSteps: number;
  readonly latentDim: number;
  readonly channels: number[];
  readonly hidden: number;
  readonly context: number;
  readonly predictorHidden: number;
  readonly residualBlocks: number;
  readonly criticHidden: number;
  readonly frameskip: number;
  readonly saveEvery: number;
  readonly monitorEvery: number;
  readonly engine: string;
  readonly threads: number;
};

/** `premotor train`: learns a world model from recorded episodes. */
export const trainCommand = () =>
  verb({
    name: 'train',
    summary: 'learn a world model from recorded episodes, from pixels',
    examples: [
      'train --data data/train --out runs/mine',
      'train --out runs/mine --resume',
      'train --data data/train --out runs/collapse --regularizer none --steps 600',
    ],
  })
    .option('-d, --data <dir>', 'the data set (premotor collect)', 'data/two-room')
    .option('-o, --out <dir>', 'folder of the run: recipe, metrics, state, checkpoint', 'runs/two-room')
    .option('--resume', 'go on with the run in --out, with the recipe it began with')
    .option('--steps <count>', 'training steps of the world model', whole('--steps', { min: 1 }), 2400)
    .option('-s, --seed <number>', 'the same seed gives the same weights', whole('--seed'), 1)
    .option('--regularizer <name>', 'against collapse: sigreg, vicreg or none', 'sigreg')
    .option(
      '--regularizer-weight <number>',
      'its weight (default: its own)',
      decimal('--regularizer-weight', { min: 0 }),
    )
    .option('--batch <clips>', 'clips in a batch', whole('--batch', { min: 2 }), 64)
    .option('--clip <frames>', 'frames in a clip', whole('--clip', { min: 2 }), 4)
    .option('--learning-rate <number>', 'peak of the cosine', decimal('--learning-rate', { min: 1e-9, max: 1 }), 1e-3)
    .option('--directions <count>', 'random projections of SIGReg', whole('--directions', { min: 1 }), 256)
    .option(
      '--critic-steps <count>',
      'training steps of the temporal distance; 0 for none',
      whole('--critic-steps'),
      3000,
    )
    .option('--latent-dim <size>', 'numbers in a latent', whole('--latent-dim', { min: 2 }), 64)
    .option('--channels <list>', 'widths of the encoder, level by level', list('--channels'), [64, 128, 256])
    .option('--hidden <size>', 'width of the last hidden layer of the encoder', whole('--hidden', { min: 1 }), 256)
    .option('--context <latents>', 'latents the predictor looks back on', whole('--context', { min: 1, max: 16 }), 1)
    .option('--predictor-hidden <size>', 'width of the predictor', whole('--predictor-hidden', { min: 1 }), 256)
    .option('--residual-blocks <count>', 'depth of the predictor', whole('--residual-blocks'), 1)
    .option('--critic-hidden <size>', 'width of the temporal distance', whole('--critic-hidden', { min: 1 }), 256)
    .option('--frameskip <steps>', 'control steps in a block', whole('--frameskip', { min: 1 }), 5)
    .option(
      '--monitor-every <steps>',
      'look for collapse and probe the latents',
      whole('--monitor-every', { min: 1 }),
      200,
    )
    .option('--save-every <steps>', 'save the state to resume from', whole('--save-every', { min: 1 }), 200)
    .option('--engine <name>', 'what computes; see premotor doctor', 'auto')
    .option('--threads <count>', 'threads of the engine', whole('--threads', { min: 1, max: 256 }), 2)
    .action(work<Options>(train));

async function train(options: Options, terminal: Terminal) {
  const { out, resume = false } = options;
  const { openRun } = await import('../run-folder.ts');
  const [{ openDataset }, { openEngine }, { trainRun }, { regularizers }] = await Promise.all([
    import('../../data/reader.ts'),
    import('../../compute/open-engine.ts'),
    import('../train-run.ts'),
    import('../../worldmodel/regularizers.ts'),
  ]);
  if (!Object.hasOwn(regularizers, options.regularizer)) {
    const names = Object.keys(regularizers).join(', ');
    throw new UsageError(`--regularizer must be one of ${names}, got "${options.regularizer}"`);
  }
  const dataset = resume ? undefined : await openDataset(options.data); // before the folder: a wrong path makes no run
  const folder = openRun(out, recipeOf(options), { resume });
  const { recipe } = folder;
  const data = dataset ?? (await openDataset(recipe.data));
  const engine = await openEngine({ engine: recipe.engine, threads: recipe.threads });
  terminal.say(`${data.episodes} episodes of ${data.meta.task}; ${engine.name}`);
  if (folder.saved) terminal.say(`going on after step ${folder.saved.step}`);

  const startMs = performance.now();
  const [bar, criticBar] = [terminal.progress('world model', 'steps'), terminal.progress('critic', 'steps')];
  try {
    const { checkpoint, last } = await trainRun({
      dir: out,
      folder,
      engine,
      dataset: data,
      signal: terminal.signal,
      onProgress: (progress) => {
        if (progress.health?.collapsed)
          bar.log(`step ${progress.step}: the latents have collapsed (spread ${progress.health.stdMean.toFixed(3)})`);
        else if (progress.probe) bar.log(looked(progress));
        bar.update(progress.step, progress.steps, terms(progress.losses));
        if (progress.step === progress.steps) bar.done();
      },
      onCritic: (step, loss) => criticBar.update(step, recipe.critic.steps, `loss ${loss.toFixed(3)}`),
      commands: [collectedBy(data.meta, data.episodes, recipe.data), recipe.command],
    });
    const elapsedMs = performance.now() - startMs;
    const { losses, health, probe, step } = last ?? {};
    return {
      json: {
        checkpoint,
        step,
        losses,
        health,
        probe,
        regularizer: recipe.train.regularizer,
        engine: engine.name,
        seconds: elapsedMs / 1000,
      },
      summary: [`checkpoint in ${checkpoint}, after ${duration(elapsedMs)}`, ...(last?.probe ? [looked(last)] : [])],
    };
  } finally {
    criticBar.done();
    await engine.dispose();
    data.close();
  }
}

function recipeOf(options: Options): Recipe {
  const { data, engine, threads, frameskip, criticSteps, context, ...rest } = options;
  const {
    steps,
    seed,
    regularizer,
    regularizerWeight,
    clip,
    batch,
    learningRate,
    directions,
    monitorEvery,
    saveEvery,
  } = rest;
  const { latentDim, channels, hidden, predictorHidden, residualBlocks, criticHidden } = rest;
  const weight = regularizerWeight === undefined ? {} : { regularizerWeight };
  return {
    command: `premotor ${process.argv.slice(2).join(' ')}`,
    data,
    engine,
    threads,
    frameskip,
    train: {
      steps,
      seed,
      regularizer,
      ...weight,
      clip,
      batch,
      learningRate,
      weightDecay: 1e-3,
      directions,
      monitorEvery,
      saveEvery,
    },
    critic: { steps: criticSteps, batch: 512, learningRate: 1e-3, expectile: 0.1, seed },
    model: { latentDim, channels, hidden, contextLength: context, predictorHidden, residualBlocks, criticHidden },
  };
}

/** The command that makes a data set. */
function collectedBy(
  { task, policy, seed, width, frameEvery, variations }: DatasetMeta,
  episodes: number,
  dir: string,
): string {
  const varied = Object.entries(variations).map(([name, value]) => ` --vary ${name}=${JSON.stringify(value)}`);
  const picture = `--size ${width} --frame-every ${frameEvery}`;
  return `premotor collect --task ${task} --policy ${policy} --episodes ${episodes} --seed ${seed} ${picture}${varied.join('')} --out ${dir}`;
}

const terms = (losses: Progress['losses']) =>
  Object.entries(losses)
    .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
    .join(' ');

/** What a look at held-out latents found, in one line. */
function looked({ step, health, probe }: Progress): string {
  const position = probe?.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
  const cloud =
    health &&
    `SIGReg ${health.sigreg.toFixed(2)}, effective rank ${health.effectiveRank.toFixed(1)}, spread ${health.stdMean.toFixed(2)}`;
  return `step ${step}: true position read off held-out latents ${position}; ${cloud}`;
}
