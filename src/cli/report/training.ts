import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVD, Matrix } from 'ml-matrix';
import { openEngine } from '../../compute/open-engine.ts';
import { openDataset } from '../../data/reader.ts';
import { UsageError } from '../../errors.ts';
import { loadCheckpoint } from '../../worldmodel/checkpoint.ts';
import { splitEpisodes } from '../../worldmodel/clips.ts';
import { createEmbedder, embedMoments, momentsOf } from '../../worldmodel/embed.ts';
import { buildModel } from '../../worldmodel/model.ts';
import { spread } from '../../worldmodel/watch.ts';
import { placeOf } from '../place-of.ts';
import { recipeOf } from '../run-folder.ts';
import type { Recipe } from '../train-run.ts';
import { type Chart, chart, lines, type Rows } from './chart.ts';
import type { Report, Section } from './page.ts';

type Line = {
  readonly step: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly health?: Readonly<Record<'sigreg' | 'effectiveRank' | 'stdMean' | 'stdMin', number>>;
  readonly probe?: readonly number[];
  readonly objects?: Readonly<Record<string, readonly number[]>>;
};

/** How a training went: its curves, whether its latents collapsed, what can be read off them, and how they lie. */
export async function trainingReport(dir: string): Promise<Report> {
  const recipe = recipeOf<Recipe>(dir);
  const checkpoint = join(dir, 'checkpoint');
  const map = existsSync(checkpoint) ? await latentMap(checkpoint, recipe) : undefined;
  return {
    title: `Training of ${recipe.model.encoder.name} on ${dataName(recipe)}`,
    subtitle: recipe.command,
    sections: [
      ...(recipe.train.steps > 0 ? await curves(recipe, metricsOf(join(dir, 'metrics.jsonl'))) : [further(recipe)]),
      ...(map ? [map] : []),
    ],
  };
}

/** Of a run that went on with a checkpoint's world model as it was. */
function further({ critic, reflex, ensemble, hardening, from }: Recipe): Section {
  const stages = Object.entries({ critic, reflex, ensemble, hardening });
  return {
    title: 'What was learnt',
    text: `The world model is that of ${from!.checkpoint} (${from!.hash.slice(0, 12)}); the checkpoint's model card has the rest.`,
    table: [['what', 'steps'], ...stages.flatMap(([name, stage]) => (stage?.steps ? [[name, `${stage.steps}`]] : []))],
  };
}

async function curves(recipe: Recipe, told: readonly Line[]): Promise<Section[]> {
  const looks = told.filter(({ health }) => health);
  const last = told.at(-1)!;
  return [
    {
      title: 'Where it is',
      text: `Step ${last.step} of ${recipe.train.steps}; objective ${recipe.train.objective}, seed ${recipe.train.seed}; ${recipe.engineName}.`,
      table: [['term', 'now'], ...Object.entries(last.losses).map(([name, value]) => [name, value.toPrecision(4)])],
    },
    { title: 'Losses', charts: await lossesOf(told) },
    {
      title: 'Collapse monitor',
      text: 'SIGReg reads about 1.05 for an ideal cloud of held-out latents and 51 for a collapsed one.',
      charts: [
        await lines(
          'sigreg',
          series(looks, ({ health }) => ({ SIGReg: health!.sigreg })),
          { title: 'SIGReg, held out', x: 'step', y: '', log: true },
        ),
        await lines(
          'rank',
          series(looks, ({ health }) => ({ 'effective rank': health!.effectiveRank })),
          { title: 'Effective rank', x: 'step', y: '' },
        ),
        await lines(
          'spread',
          series(looks, ({ health }) => ({ mean: health!.stdMean, least: health!.stdMin })),
          { title: 'Spread of a latent number', x: 'step', y: '' },
        ),
      ],
    },
    ...probes(looks, await probeChart(looks)),
  ];
}

const dataName = ({ data, datasetHash }: Recipe) => `${data} (${datasetHash.slice(0, 12)})`;

/** The lines of a run's metrics. Throws `UsageError` where there are none. */
export function metricsOf(path: string): Line[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (text === '') throw new UsageError(`${path} holds no line yet`, { hint: 'wait for the first steps of training' });
  return text.split('\n').map((line) => JSON.parse(line) as Line);
}

const series = (told: readonly Line[], of: (line: Line) => Readonly<Record<string, number>>): Rows =>
  told.flatMap((line) => Object.entries(of(line)).map(([series, y]) => ({ x: line.step, y, series })));

/** Rates and norms are drawn apart from the terms. */
async function lossesOf(told: readonly Line[]): Promise<Chart[]> {
  const terms = series(told, ({ losses: { gradientNorm: _, ...terms } }) => terms);
  return [
    await lines(
      'losses',
      terms.filter(({ y }) => (y as number) > 0),
      { title: 'Terms', x: 'step', y: '', log: true },
    ),
    await lines(
      'gradient',
      series(told, ({ losses }) => ({ 'gradient norm': losses.gradientNorm! })),
      { title: 'Gradient norm before clipping', x: 'step', y: '', log: true },
    ),
    await lines(
      'rate',
      series(told, ({ learningRate }) => ({ 'learning rate': learningRate })),
      { title: 'Learning rate', x: 'step', y: '' },
    ),
  ];
}

const shares = ({ probe, objects = {} }: Line): Record<string, number> => ({
  ...(Object.keys(objects).length === 0 && probe && { x: probe[0]!, y: probe[1]! }),
  ...Object.fromEntries(
    Object.entries(objects).map(([name, values]) => [
      name,
      values.reduce((sum, value) => sum + value, 0) / values.length,
    ]),
  ),
});

const probeChart = (looks: readonly Line[]) =>
  lines(
    'probes',
    series(looks, (look) =>
      Object.fromEntries(Object.entries(shares(look)).map(([name, share]) => [name, 100 * share])),
    ),
    { title: 'Read off held-out latents by a linear probe, %', x: 'step', y: '%' },
  );

function probes(looks: readonly Line[], drawn: Chart): Section[] {
  if (!looks.some(({ probe }) => probe)) return [];
  const text = 'A thing that is not read off is a thing that plans cannot move: look here first.';
  return [{ title: 'What latents know', text, charts: [drawn] }];
}

/** Latents looked at. */
const LOOKED = 800;

/** Held-out latents along their two main axes, coloured by where they truly are; nothing where the data is gone. */
async function latentMap(dir: string, { data, datasetHash }: Recipe): Promise<Section | undefined> {
  const { config, params } = loadCheckpoint(dir);
  const dataset = await openDataset(data, { verify: false }).catch(() => undefined);
  if (dataset?.hash !== datasetHash) return undefined;
  const engine = await openEngine({ engine: 'auto', threads: 1 });
  try {
    const { locate } = await placeOf(dataset.meta);
    const { train } = splitEpisodes(dataset.episodes);
    const moments = spread(momentsOf(dataset, train, dataset.episodes), LOOKED);
    const embedder = await createEmbedder(engine, buildModel(config).encoder, 64, params);
    const latents = await embedMoments(embedder, dataset, moments, config.encoder.latentDim);
    await embedder.dispose();
    const { places, explained } = mainAxes(latents, config.encoder.latentDim);
    const [first, second] = explained.map((share) => (100 * share).toFixed(0));
    const charts = await Promise.all(
      (locate ? (['x', 'y'] as const) : ['x' as const]).map((axis, k) =>
        chart(`latents-${axis}`, {
          title: locate ? `coloured by the true ${axis}` : '',
          width: 300,
          height: 300,
          data: {
            values: places.map(([a, b], i) => ({
              a,
              b,
              true: locate?.(dataset.state(moments[i]!.episode, moments[i]!.step))[k] ?? 0,
            })),
          },
          mark: { type: 'point', filled: true, size: 14, opacity: 0.8 },
          encoding: {
            x: { field: 'a', type: 'quantitative', title: `first axis (${first} %)` },
            y: { field: 'b', type: 'quantitative', title: `second axis (${second} %)` },
            color: {
              field: 'true',
              type: 'quantitative',
              scale: { scheme: 'viridis' },
              title: axis,
              legend: locate ? {} : null,
            },
          },
        }),
      ),
    );
    return {
      title: 'Map of latents',
      text: `${moments.length} held-out moments along the two main axes of their latents.`,
      charts,
    };
  } finally {
    dataset.close();
    await engine.dispose();
  }
}

/** Rows along the two axes of greatest variance, and the share of it that each holds. */
export function mainAxes(rows: Float32Array, dim: number): { places: [number, number][]; explained: [number, number] } {
  const matrix = Matrix.from1DArray(rows.length / dim, dim, Array.from(rows)).center('column');
  const { realEigenvalues, eigenvectorMatrix } = new EVD(matrix.transpose().mmul(matrix), { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const total = realEigenvalues.reduce((sum, value) => sum + value, 0) || 1;
  const axes = eigenvectorMatrix.subMatrixColumn(order.slice(0, 2));
  return {
    places: matrix.mmul(axes).to2DArray() as [number, number][],
    explained: [realEigenvalues[order[0]!]! / total, realEigenvalues[order[1]!]! / total],
  };
}
