import { basename, resolve } from 'node:path';
import type { Frame } from '../../drivers/driver.ts';
import { BadPicture, DamagedDataset } from '../../errors.ts';
import type { Episode } from '../episode.ts';
import { actionLimits, type ForeignOptions, firstNotFinite, foreignMeta, numbered, place } from '../foreign.ts';
import { decodePicture } from '../image.ts';
import { known, piecesOf, type Source, stepsLimit } from '../source.ts';
import { videoFrames } from '../video.ts';
import { type EpisodePlace, readPlaces } from './episodes.ts';
import { camerasOf, INFO, type Info, namesOf, readInfo, widthOf } from './info.ts';
import { openParquet, type Parquet, rowReader } from './parquet.ts';

const [ACTION, STATE] = ['action', 'observation.state'];
/** Encoded pictures read at a time, bytes. */
const WINDOW = 1 << 26;

/**
 * Episodes of a LeRobot data set, version 3: pictures embedded in the rows or in videos (these need ffmpeg). The action of a row
 * is what is done after it; that of an episode's last row leads nowhere and is left out. Throws `DamagedDataset`, `UsageError`
 * for a camera or state that is not there.
 */
export async function lerobotSource(dir: string, options: ForeignOptions): Promise<Source> {
  const info = readInfo(dir);
  const camera = cameraOf(dir, info, options.camera);
  const isVideo = info.features[camera]!.dtype === 'video';
  const action = numbersOf(dir, info, ACTION);
  const stateKey = options.state ?? (info.features[STATE] ? STATE : undefined);
  if (options.state !== undefined) known('--state', options.state, numeric(info));
  const state = stateKey === undefined ? undefined : numbersOf(dir, info, stateKey);
  const places = await readPlaces(dir, info, isVideo ? camera : undefined);
  const files = opener([ACTION, 'episode_index', 'frame_index', ...(state ? [state.name] : [])]);

  const limits = actionLimits(action.names.length);
  for (const [episode, { data, row, length }] of places.entries()) {
    if (length < 2) continue;
    const rows = await (await files(data)).rows(row, row + length);
    inOrder(data, rows, episode);
    limits.add(numbers(data, episode, action, rows.slice(0, -1), 0));
  }
  const tasks = [...new Set(places.flatMap((each) => each.tasks))];
  const meta = foreignMeta(options, {
    format: 'lerobot',
    path: resolve(dir),
    camera,
    task: options.task ?? (tasks.length === 1 ? tasks[0]! : basename(resolve(dir))),
    periodMs: options.periodMs ?? 1000 / info.fps,
    axes: limits.axes(action.names),
    states: state?.names ?? [],
  });
  const rows = places.map(({ length }) => length);
  const pieces = piecesOf(rows, stepsLimit(meta, options.maxSteps));
  const alone = rows.filter((count) => count < 2).length;

  const read = async (episode: number, from: number, to: number): Promise<Episode> => {
    const { data, row } = places[episode]!;
    const { file, rows } = await files(data);
    const found = await rows(row + from, row + to + 1);
    const actions = Float32Array.from(numbers(data, episode, action, found.slice(0, -1), from));
    const states = state
      ? Float64Array.from(numbers(data, episode, state, found, from))
      : new Float64Array(found.length * meta.stateSize);
    const bytes = 3 * meta.width * meta.height;
    const frames = new Uint8Array((Math.floor((to - from) / meta.frameEvery) + 1) * bytes);
    let i = 0;
    for await (const frame of framesOf(places[episode]!, file, episode, from, to)) {
      if (i % meta.frameEvery === 0) place(frame, options, frames, (i / meta.frameEvery) * bytes);
      i++;
    }
    return { actions, states, frames };
  };

  const framesOf = ({ video, row }: EpisodePlace, file: Parquet, episode: number, from: number, to: number) =>
    video
      ? videoFrames(video.path, { fromS: video.fromS + from / info.fps, count: to - from + 1, fps: info.fps })
      : embedded(file, camera, episode, row + from, row + to + 1, meta.frameEvery);

  return {
    meta,
    total: pieces.length,
    notes: [
      ...(tasks.length > 1 ? [`its ${tasks.length} tasks become one: ${tasks.join('; ')}`] : []),
      ...(alone > 0 ? [`${alone} episodes of a single row have no step and are left out`] : []),
    ],
    async *episodes(first = 0) {
      for (const { episode, from, to } of pieces.slice(first)) yield await read(episode, from, to);
    },
    close() {},
  };
}

type Numbers = { readonly name: string; readonly names: readonly string[] };

function cameraOf(dir: string, info: Info, asked?: string): string {
  const cameras = camerasOf(info);
  if (asked !== undefined) return known('--camera', asked, cameras);
  if (cameras[0] !== undefined) return cameras[0];
  throw new DamagedDataset(`${resolve(dir, INFO)}: features must have an image or a video, got ${keys(info)}`);
}

const keys = ({ features }: Info): string => Object.keys(features).join(', ');
const numeric = ({ features }: Info): string[] =>
  Object.keys(features).filter((key) => widthOf(features[key]!) !== undefined);

function numbersOf(dir: string, info: Info, name: string): Numbers {
  const feature = info.features[name];
  const width = feature && widthOf(feature);
  if (feature && width) return { name, names: namesOf(feature, width) ?? numbered(name.split('.').at(-1)!, width) };
  throw new DamagedDataset(`${resolve(dir, INFO)}: features must have numbers called ${name}, got ${keys(info)}`);
}

/** The numbers of some rows, one after the other, when they are as many as they must be and finite. */
function numbers(
  path: string,
  episode: number,
  { name, names }: Numbers,
  rows: readonly Record<string, unknown>[],
  first: number,
): number[] {
  return rows.flatMap((row, i) => {
    const where = `in frame ${first + i} of episode ${episode}`;
    const values = flat(row[name]);
    if (values.length !== names.length)
      throw new DamagedDataset(`${path}: ${name} must be ${names.length} numbers, got ${values.length} ${where}`);
    const at = firstNotFinite(values);
    if (at < 0) return values;
    throw new DamagedDataset(`${path}: ${name} must be finite, got ${values[at]} ${where}`);
  });
}

const flat = (value: unknown): number[] =>
  typeof value === 'object' && value !== null
    ? Array.from(value as ArrayLike<unknown>).flatMap(flat)
    : [value === null || value === undefined ? Number.NaN : Number(value)];

/** Rows must be an episode's, one after the other. */
function inOrder(path: string, rows: readonly Record<string, unknown>[], episode: number): void {
  for (const [i, row] of rows.entries()) {
    for (const [name, expected] of [
      ['episode_index', episode],
      ['frame_index', i],
    ] as const) {
      if (Number(row[name]) === expected) continue;
      throw new DamagedDataset(
        `${path}: ${name} must be ${expected}, got ${row[name]} (frame ${i} of episode ${episode})`,
      );
    }
  }
}

/** Pictures in rows, decoded; those between every `every`-th are given as the one before. */
async function* embedded(file: Parquet, camera: string, episode: number, from: number, to: number, every: number) {
  const step = Math.max(1, Math.floor(WINDOW / Math.max(1, file.rowBytes(camera))));
  let frame: Frame | undefined;
  for (let at = from; at < to; at += step) {
    const rows = await file.read([camera], at, Math.min(to, at + step));
    for (const [i, row] of rows.entries()) {
      if ((at + i - from) % every === 0 || !frame)
        frame = picture(file.path, camera, episode, at + i - from, row[camera]);
      yield frame;
    }
  }
}

function picture(path: string, camera: string, episode: number, row: number, value: unknown): Frame {
  const where = `${path}: ${camera} of row ${row} of episode ${episode}`;
  const bytes = (value as { bytes?: unknown } | null)?.bytes;
  if (!(bytes instanceof Uint8Array)) {
    throw new DamagedDataset(`${where} must have its bytes embedded, got none`);
  }
  try {
    return decodePicture(bytes);
  } catch (cause) {
    if (!(cause instanceof BadPicture)) throw cause;
    throw new DamagedDataset(`${where}: ${cause.message}`, { cause });
  }
}

type Open = { readonly file: Parquet; readonly rows: ReturnType<typeof rowReader> };

/** Opens files when they are first asked for, and keeps the last one. */
function opener(columns: readonly string[]): (path: string) => Promise<Open> {
  let last: Open | undefined;
  return async (path) => {
    if (last?.file.path === path) return last;
    const file = await openParquet(path);
    last = { file, rows: rowReader(file, columns) };
    return last;
  };
}
