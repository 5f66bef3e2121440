import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedDataset } from '../../errors.ts';
import { filled, type Info } from './info.ts';
import { openParquet } from './parquet.ts';

/** Where an episode's rows are, and its pictures. */
export type EpisodePlace = {
  readonly length: number;
  readonly tasks: readonly string[];
  /** The Parquet file, and the first row in it. */
  readonly data: string;
  readonly row: number;
  /** The video file and where in it the episode begins, s; `undefined` when pictures are in the rows. */
  readonly video?: { readonly path: string; readonly fromS: number };
};

/** Reads `meta/episodes`: every episode in order. Throws `DamagedDataset`. */
export async function readPlaces(dir: string, info: Info, videoKey?: string): Promise<EpisodePlace[]> {
  const names = ['episode_index', 'length', 'tasks', 'data/chunk_index', 'data/file_index', 'dataset_from_index'];
  const video = (name: string) => `videos/${videoKey}/${name}`;
  if (videoKey !== undefined) names.push(video('chunk_index'), video('file_index'), video('from_timestamp'));
  const places: (EpisodePlace & { readonly from: number })[] = [];
  for (const path of episodeFiles(dir)) {
    const file = await openParquet(path);
    const rows = await file.read(names, 0, file.rows);
    for (const row of rows) {
      const whole = (name: string) => wholeOf(path, name, row[name]);
      const index = whole('episode_index');
      if (index !== places.length)
        throw new DamagedDataset(`${path}: episode_index must be ${places.length}, got ${index}`);
      places.push({
        length: whole('length'),
        tasks: Array.isArray(row.tasks) ? row.tasks.map(textOf) : [],
        data: filled(dir, info.data_path, whole('data/chunk_index'), whole('data/file_index')),
        row: 0,
        from: whole('dataset_from_index'),
        ...(videoKey !== undefined && {
          video: {
            path: filled(dir, info.video_path ?? '', whole(video('chunk_index')), whole(video('file_index')), videoKey),
            fromS: Number(row[video('from_timestamp')] ?? Number.NaN),
          },
        }),
      });
    }
  }
  if (places.length !== info.total_episodes) {
    throw new DamagedDataset(
      `${join(dir, 'meta/episodes')} must have ${info.total_episodes} episodes as info.json says, got ${places.length}`,
    );
  }
  const firsts = new Map<string, number>();
  for (const { data, from } of places) firsts.set(data, Math.min(from, firsts.get(data) ?? Infinity));
  return places.map(({ from, ...place }) => ({ ...place, row: from - firsts.get(place.data)! }));
}

function episodeFiles(dir: string): string[] {
  const folder = join(dir, 'meta/episodes');
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.parquet'))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new DamagedDataset(`${folder} is missing`, { cause });
  }
}

const decoder = new TextDecoder();
const textOf = (value: unknown): string => (value instanceof Uint8Array ? decoder.decode(value) : String(value));

function wholeOf(path: string, name: string, value: unknown): number {
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new DamagedDataset(`${path}: ${name} must be a whole number, got ${String(value)}`);
}
