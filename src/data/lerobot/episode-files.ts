import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Place } from './data-files.ts';
import type { Features } from './features.ts';
import { EPISODES_PATH, filled } from './info.ts';
import { type Stats, statsColumns, statsRow } from './stats.ts';
import { type TableWriter, type Type, tableWriter } from './table.ts';

/** One episode: its rows `from` to `to` (excluded) of all, where they are, and what is told of each feature. */
export type EpisodeEntry = {
  readonly task: string;
  readonly from: number;
  readonly to: number;
  readonly place: Place;
  readonly stats: Readonly<Record<string, Stats>>;
};

export interface EpisodeFiles {
  append(entry: EpisodeEntry): Promise<void>;
  close(): Promise<void>;
}

/** Episodes written at a time. */
const TOGETHER = 100;

/** Writes `meta/episodes`. */
export function episodeFiles(dir: string, features: Features): EpisodeFiles {
  const waiting: Record<string, unknown>[] = [];
  let table: TableWriter | undefined;
  let episodes = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const path = filled(dir, EPISODES_PATH, 0, 0);
    mkdirSync(dirname(path), { recursive: true });
    table ??= await tableWriter(path, typesOf(features));
    table.append(Object.fromEntries(Object.keys(waiting[0]!).map((name) => [name, waiting.map((row) => row[name])])));
    waiting.length = 0;
  };
  return {
    append: async (entry) => {
      waiting.push(rowOf(features, episodes++, entry));
      if (waiting.length >= TOGETHER) await flush();
    },
    close: async () => {
      await flush();
      table?.close();
    },
  };
}

/** How the numbers of a feature lie in its statistics. */
export const statsShape = ({ camera }: Features, name: string) => (name === camera ? 'picture' : 'numbers');

function rowOf(features: Features, index: number, { task, from, to, place, stats }: EpisodeEntry) {
  const { camera, fps, video } = features;
  const [chunk, file] = [BigInt(place.chunk), BigInt(place.file)];
  return {
    episode_index: BigInt(index),
    tasks: [task],
    length: BigInt(to - from),
    'data/chunk_index': chunk,
    'data/file_index': file,
    dataset_from_index: BigInt(from),
    dataset_to_index: BigInt(to),
    'meta/episodes/chunk_index': 0n,
    'meta/episodes/file_index': 0n,
    ...(video && {
      [`videos/${camera}/chunk_index`]: chunk,
      [`videos/${camera}/file_index`]: file,
      [`videos/${camera}/from_timestamp`]: place.fromS,
      [`videos/${camera}/to_timestamp`]: place.fromS + (to - from) / fps,
    }),
    ...Object.assign({}, ...Object.entries(stats).map(([name, of]) => statsRow(name, of, statsShape(features, name)))),
  };
}

function typesOf(features: Features): Record<string, Type> {
  const { all, camera, video } = features;
  const typed = (names: readonly string[], type: Type) => Object.fromEntries(names.map((name) => [name, type]));
  const places = ['data/chunk_index', 'data/file_index', 'meta/episodes/chunk_index', 'meta/episodes/file_index'];
  const videos = (names: readonly string[]) => (video ? names.map((name) => `videos/${camera}/${name}`) : []);
  return {
    ...typed(['episode_index', 'length', 'dataset_from_index', 'dataset_to_index', ...places], 'INT64'),
    ...typed(videos(['chunk_index', 'file_index']), 'INT64'),
    ...typed(videos(['from_timestamp', 'to_timestamp']), 'DOUBLE'),
    tasks: { list: 'TEXT' },
    ...Object.assign({}, ...Object.keys(all).map((name) => statsColumns(name, statsShape(features, name)))),
  };
}
