import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Exported, writeHdf5 } from '../data/hdf5/write.ts';
import { writeLerobot } from '../data/lerobot/write.ts';
import { MANIFEST, readManifest } from '../data/manifest.ts';
import { writeEpisodes } from '../data/write-episodes.ts';
import { DamagedDataset, DamagedRecording, UsageError } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import type { ConvertSettings } from './commands/convert.ts';
import { type Input, openInput } from './convert-input.ts';
import type { Outcome, Terminal } from './verb.ts';

const FORMATS = ['episodes', 'hdf5', 'lerobot'] as const;
type Format = (typeof FORMATS)[number];

/** Makes a data set of another: whole, or (to go on with by the same command) under another name. */
export async function convert(
  inputs: readonly string[],
  settings: ConvertSettings,
  terminal: Terminal,
): Promise<Outcome> {
  const { to, out } = targetOf(settings);
  const bar = terminal.progress('convert', settings.config === undefined ? 'episodes' : 'recordings');
  let input: Input | undefined;
  try {
    input = await openInput(inputs, settings, terminal, bar);
    const { kind, source } = input;
    if (kind === 'episodes' && to === 'episodes')
      throw new UsageError(`${inputs[0]} is a data set of ours already`, { hint: 'try --to hdf5 or --to lerobot' });
    for (const note of source.notes) terminal.say(`note: ${note}`);
    const onEpisode = (done: number, total: number | undefined) => {
      if (total !== undefined) bar.update(done, total);
    };
    const hooks = { onEpisode, signal: terminal.signal };
    if (to === 'episodes') {
      const { whole } = await writeEpisodes(out, source, hooks);
      return made(inputs, out, input, whole);
    }
    const { video } = settings;
    const done = await (to === 'hdf5' ? writeHdf5 : writeLerobot)(out, source, { ...hooks, ...(video && { video }) });
    return exported(out, to, input, done);
  } finally {
    bar.done();
    input?.source.close();
  }
}

/** The format that is asked for, and a path where nothing is yet. */
function targetOf({ out: path, to: asked, video }: ConvertSettings): { readonly to: Format; readonly out: string } {
  const isFile = /\.(h5|hdf5)$/.test(path);
  const to = (asked ?? (isFile ? 'hdf5' : 'episodes')) as Format;
  oneOf('--to', to, FORMATS);
  if (video && to !== 'lerobot') throw new UsageError('--video goes with --to lerobot only');
  const out = to === 'hdf5' && !isFile ? `${path}.h5` : path;
  if (existsSync(join(out, MANIFEST)))
    throw new UsageError(`${out} holds a data set already`, { hint: 'choose another folder with --out' });
  if (existsSync(out) && (to === 'hdf5' || readdirSync(out).length > 0))
    throw new UsageError(`${out} is there already`, { hint: 'choose another one with --out' });
  return { to, out };
}

/** What became of a data set of ours. Throws when nothing did. */
function made(inputs: readonly string[], out: string, { kind, source, read }: Input, whole: boolean): Outcome {
  const { firstBad, ...counts } = read;
  const dir = whole ? out : `${out}.part`;
  const { task, periodMs, width, stateSize } = source.meta;
  const shards = existsSync(join(dir, MANIFEST)) ? readManifest(dir).shards : [];
  const episodes = shards.reduce((sum, shard) => sum + shard.episodes, 0);
  const steps = shards.reduce((sum, shard) => sum + shard.rows, 0) - episodes;
  if (episodes === 0 && whole) throw nothing(inputs, kind, read);
  return {
    json: {
      dir,
      from: kind,
      task,
      episodes,
      steps,
      ...(kind === 'recording' && counts),
      periodMs,
      size: width,
      stateSize,
    },
    summary: [
      `${episodes} episodes, ${steps} steps of ${periodMs} ms, in ${dir}`,
      ...(whole ? [] : ['stopped: the same command goes on from there']),
      ...(read.badMessages > 0 ? [`${read.badMessages} messages could not be read, the first: ${firstBad}`] : []),
      ...(episodes < 2 ? ['training needs two episodes at least: convert more, or cut them with --max-steps'] : []),
    ],
    ok: whole,
  };
}

function nothing(
  inputs: readonly string[],
  kind: Input['kind'],
  { frames, commands, badMessages, firstBad }: Input['read'],
) {
  const what = `nothing could be made of ${inputs.join(', ')}`;
  if (kind !== 'recording') return new DamagedDataset(`${what}: it has no episode of two rows`);
  const hint =
    badMessages > 0
      ? `${badMessages} messages could not be read: ${firstBad}`
      : 'is every stretch shorter than the period?';
  return new DamagedRecording(`${what}: ${frames} pictures, ${commands} commands`, { hint });
}

/** What another tool can now open. */
function exported(out: string, to: Format, { kind, source }: Input, { episodes, rows, left }: Exported): Outcome {
  const { task, periodMs, width, frameEvery, stateSize } = source.meta;
  const every = frameEvery > 1 ? `, a picture and ${frameEvery} actions each` : '';
  return {
    json: {
      dir: out,
      from: kind,
      to,
      task,
      episodes,
      rows,
      left,
      periodMs: periodMs * frameEvery,
      size: width,
      stateSize,
    },
    summary: [
      `${episodes} episodes, ${rows} rows of ${periodMs * frameEvery} ms${every}, in ${out}`,
      ...(left > 0 ? [`${left} episodes are too short to have two rows`] : []),
    ],
  };
}
