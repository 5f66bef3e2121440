import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { z } from 'zod';
import { DamagedDataset } from '../../errors.ts';

const featureSchema = z.looseObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  names: z.unknown().optional(),
});

const infoSchema = z.looseObject({
  codebase_version: z.string(),
  robot_type: z.string().nullish(),
  fps: z.number().positive(),
  total_episodes: z.int().nonnegative(),
  total_frames: z.int().nonnegative(),
  data_path: z.string(),
  video_path: z.string().nullish(),
  features: z.record(z.string(), featureSchema),
});

/** `meta/info.json` of a LeRobot data set, version 3. */
export type Info = z.infer<typeof infoSchema>;
export type Feature = z.infer<typeof featureSchema>;

export const INFO = 'meta/info.json';
export const VERSION = 'v3.0';
export const DATA_PATH = 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet';
export const VIDEO_PATH = 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4';
export const EPISODES_PATH = 'meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet';

/** What a LeRobot data set says of itself. Throws `DamagedDataset` naming the file and the field. */
export function readInfo(dir: string): Info {
  const path = join(dir, INFO);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new DamagedDataset(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const version = (json as { codebase_version?: unknown } | null)?.codebase_version;
  if (typeof version === 'string' && !/^v3(\.|$)/.test(version)) {
    throw new DamagedDataset(`${path}: codebase_version must be ${VERSION}, got ${version}`, {
      hint: 'convert it with: python -m lerobot.datasets.v30.convert_dataset_v21_to_v30',
    });
  }
  const parsed = infoSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new DamagedDataset(`${path}: ${issue.path.join('.') || 'it'}: ${issue.message}`, { cause: parsed.error });
}

/** Cameras: features that are pictures, in files of their own or not. */
export const camerasOf = ({ features }: Info): string[] =>
  Object.keys(features).filter((key) => ['image', 'video'].includes(features[key]!.dtype));

/** How many numbers a feature has; `undefined` when it has none. */
export function widthOf({ dtype, shape }: Feature): number | undefined {
  if (!/^(float|int|uint|bool)/.test(dtype)) return undefined;
  return shape.reduce((product, side) => product * side, 1);
}

/** Names of a feature's numbers, however they are nested; `undefined` when there are not as many. */
export function namesOf({ names }: Feature, width: number): string[] | undefined {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') found.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(names);
  return found.length === width ? found : undefined;
}

/** A file's path by its template. Throws `DamagedDataset` when that leads out of the folder. */
export function filled(dir: string, template: string, chunk: number, file: number, video = ''): string {
  const path = template
    .replace(/\{chunk_index:0?(\d*)d?\}/g, (_, digits) => String(chunk).padStart(Number(digits), '0'))
    .replace(/\{file_index:0?(\d*)d?\}/g, (_, digits) => String(file).padStart(Number(digits), '0'))
    .replaceAll('{video_key}', video);
  if (!/^(\.\.|\/)/.test(normalize(path))) return join(dir, path);
  throw new DamagedDataset(`${join(dir, INFO)}: paths must stay in the folder, got ${template}`);
}
