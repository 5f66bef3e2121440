import { findTask } from '../../../sim/tasks.ts';
import type { Dataset } from '../../data/dataset.ts';
import { recordedLimits } from '../../data/recorded.ts';
import { histogram } from './chart.ts';
import type { Report, Strip } from './page.ts';
import { some, strip } from './strip.ts';

/** Looked at, at most. */
const [ACTIONS, FILMS, MOMENTS] = [4000, 4, 10];

/** What a data set holds. */
export async function dataReport(dataset: Dataset, dir: string): Promise<Report> {
  const { meta, episodes, hash } = dataset;
  const lengths = Array.from({ length: episodes }, (_, episode) => dataset.length(episode));
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const names = recordedLimits(meta) ? undefined : findTask(meta.task).world().actionSpec.names;
  const actions = await Promise.all(
    Array.from({ length: meta.actionSize }, (_, axis) =>
      histogram(`action-${axis}`, actionsOf(dataset, axis, steps), {
        title: names?.[axis] ?? `action ${axis}`,
        x: 'value',
      }),
    ),
  );
  return {
    title: `Data of ${meta.task}`,
    subtitle: `${dir}, SHA-256 ${hash.slice(0, 12)}`,
    sections: [
      {
        title: 'What it is',
        table: [
          ['', ''],
          ['episodes', String(episodes)],
          [
            'steps',
            `${steps} of ${meta.periodMs} ms, ${Math.min(...lengths)} to ${Math.max(...lengths)} in an episode`,
          ],
          ['pictures', `${meta.width} x ${meta.height}, one every ${meta.frameEvery} steps`],
          ['policy', `${meta.policy}, seed ${meta.seed}`],
          ['variations', JSON.stringify(meta.variations)],
        ],
      },
      { title: 'What was done', charts: actions },
      {
        title: 'How long episodes are',
        charts: [
          await histogram(
            'lengths',
            lengths.map((x) => ({ x })),
            { title: '', x: 'steps' },
          ),
        ],
      },
      { title: 'Film strips', strips: some([...lengths.keys()], FILMS).map((episode) => film(dataset, episode)) },
    ],
  };
}

function actionsOf(dataset: Dataset, axis: number, steps: number): { x: number }[] {
  const every = Math.max(1, Math.ceil(steps / ACTIONS));
  const rows: { x: number }[] = [];
  let count = 0;
  for (let episode = 0; episode < dataset.episodes; episode++) {
    const actions = dataset.actions(episode, 0, dataset.length(episode));
    for (let at = axis; at < actions.length; at += dataset.meta.actionSize)
      if (count++ % every === 0) rows.push({ x: actions[at]! });
  }
  return rows;
}

function film(dataset: Dataset, episode: number): Strip {
  const { width, height, frameEvery } = dataset.meta;
  const moments = Array.from(
    { length: Math.floor(dataset.length(episode) / frameEvery) + 1 },
    (_, i) => i * frameEvery,
  );
  const frames = some(moments, MOMENTS).map((step) => {
    const data = new Uint8Array(width * height * 3);
    dataset.readFrame(episode, step, data, 0);
    return { width, height, data };
  });
  return {
    caption: `episode ${episode}, ${dataset.length(episode)} steps`,
    png: strip(frames),
  };
}
