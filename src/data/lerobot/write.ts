import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PremotorError } from '../../errors.ts';
import type { Exported, ExportHooks } from '../hdf5/write.ts';
import { type Rows, rowsOf, type Source } from '../source.ts';
import { CHUNK_FILES, type DataFiles, dataFiles, type Numbers } from './data-files.ts';
import { episodeFiles, statsShape } from './episode-files.ts';
import { type Features, featuresOf } from './features.ts';
import { DATA_PATH, INFO, VERSION, VIDEO_PATH } from './info.ts';
import { pictureStats, type Stats, statsJson, statsOf, together } from './stats.ts';
import { writeTasks } from './tasks.ts';

export type LerobotOptions = ExportHooks & {
  /** Pictures as H.264 videos (needs ffmpeg) instead of PNGs in the rows. */
  readonly video?: boolean;
  /** Another data file begins when one has as many bytes; 100 MB unless given. */
  readonly fileBytes?: number;
};

/**
 * Writes a LeRobot data set, version 3. A row is a stored frame, its action all that is done until the next; LeRobot knows no
 * row without one, so an episode's last row repeats the one before. The folder appears under its name when it is whole. Throws
 * `PremotorError` when it cannot be written.
 */
export async function writeLerobot(dir: string, source: Source, options: LerobotOptions = {}): Promise<Exported> {
  const { video = false, fileBytes = 1e8 } = options;
  const part = `${dir}.part`;
  rmSync(part, { recursive: true, force: true });
  const features = featuresOf(source.meta, video);
  const data = dataFiles(part, source.meta, features, fileBytes);
  try {
    const done = await fill(part, source, features, data, options);
    renameSync(part, dir);
    return done;
  } catch (error) {
    data.abandon();
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

async function fill(
  dir: string,
  source: Source,
  features: Features,
  data: DataFiles,
  { onEpisode, signal }: ExportHooks,
): Promise<Exported> {
  const { task } = source.meta;
  const index = episodeFiles(dir, features);
  const sums: Record<string, Stats> = {};
  let [episodes, rows, left] = [0, 0, 0];
  for await (const episode of source.episodes()) {
    signal?.throwIfAborted();
    const parts = rowsOf(source.meta, episode);
    if (parts.count < 2) {
      left++;
      continue;
    }
    const pictures = Array.from({ length: parts.count }, (_, row) => parts.frame(row));
    const numbers = numbersOf(parts, episodes, rows, features.fps);
    const stats: Record<string, Stats> = { [features.camera]: pictureStats(pictures) };
    for (const [name, { values, width }] of Object.entries(numbers)) stats[name] = statsOf(values, width);
    for (const [name, of] of Object.entries(stats)) sums[name] = sums[name] ? together(sums[name], of) : of;
    const place = await data.append(numbers, pictures);
    await index.append({ task, from: rows, to: rows + parts.count, place, stats });
    rows += parts.count;
    episodes++;
    onEpisode?.(episodes, source.total);
  }
  if (episodes === 0) throw new PremotorError('there is no episode of two rows to write');
  await data.close();
  await index.close();
  await writeTasks(join(dir, 'meta/tasks.parquet'), task);
  const told = Object.entries(sums).map(([name, of]) => [name, statsJson(of, statsShape(features, name))]);
  writeJson(join(dir, 'meta/stats.json'), Object.fromEntries(told));
  writeJson(join(dir, INFO), infoOf(task, features, episodes, rows));
  return { episodes, rows, left };
}

/** All but the pictures, by LeRobot's names. */
function numbersOf({ count, actions, states }: Rows, episode: number, firstRow: number, fps: number): Numbers {
  const width = actions.length / (count - 1);
  const repeated = new Float32Array(count * width);
  repeated.set(actions);
  repeated.set(actions.subarray(actions.length - width), actions.length);
  const each = (value: (row: number) => number) => ({
    values: Float64Array.from({ length: count }, (_, row) => value(row)),
    width: 1,
  });
  return {
    'observation.state': { values: Float32Array.from(states), width: states.length / count },
    action: { values: repeated, width },
    timestamp: each((row) => Math.fround(row / fps)),
    frame_index: each((row) => row),
    episode_index: each(() => episode),
    index: each((row) => firstRow + row),
    task_index: each(() => 0),
  };
}

const infoOf = (task: string, { all, fps, video }: Features, episodes: number, rows: number) => ({
  codebase_version: VERSION,
  robot_type: task,
  total_episodes: episodes,
  total_frames: rows,
  total_tasks: 1,
  chunks_size: CHUNK_FILES,
  data_files_size_in_mb: 100,
  video_files_size_in_mb: 200,
  fps,
  splits: { train: `0:${episodes}` },
  data_path: DATA_PATH,
  video_path: video ? VIDEO_PATH : null,
  features: all,
});

const writeJson = (path: string, value: unknown): void =>
  writeFileSync(path, `${JSON.stringify(value, undefined, 4)}\n`);
