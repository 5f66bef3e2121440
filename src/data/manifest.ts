import nodeFs from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { DamagedDataset } from '../errors.ts';
import type { DatasetMeta } from './dataset.ts';

/** The part of `node:fs` that data sets need. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'renameSync'
  | 'writeSync'
>;

const shardSchema = z.strictObject({
  file: z.string().regex(/^shard-\d{5,}\.arrows$/),
  episodes: z.int().positive(),
  rows: z.int().positive(),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.strictObject({
  format: z.literal('premotor-episodes/1'),
  task: z.string(),
  seed: z.number(),
  policy: z.string(),
  variations: z.record(z.string(), z.unknown()),
  width: z.int().positive(),
  height: z.int().positive(),
  frameEvery: z.int().positive(),
  actionSize: z.int().positive(),
  stateSize: z.int().positive(),
  periodMs: z.number().positive(),
  shards: z.array(shardSchema),
});

/** A closed shard as `dataset.json` lists it. */
export type Shard = Readonly<z.infer<typeof shardSchema>>;
export type Manifest = { readonly meta: DatasetMeta; readonly shards: readonly Shard[] };

export const MANIFEST = 'dataset.json';
export const shardName = (index: number): string => `shard-${String(index).padStart(5, '0')}.arrows`;

/** What `dataset.json` says. Throws `DamagedDataset` when it is missing or not one. */
export function readManifest(dir: string, fs: FileSystem = nodeFs): Manifest {
  const path = join(dir, MANIFEST);
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DamagedDataset(`no data set at ${dir}: ${MANIFEST} cannot be read`, {
      cause,
      hint: 'make one with: premotor collect',
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataset(`${path} is damaged: it is not JSON`, { cause, hint: COLLECT_AGAIN });
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const message = `${path} is damaged: ${issue.path.join('.') || 'it'}: ${issue.message}`;
    throw new DamagedDataset(message, { cause: parsed.error, hint: COLLECT_AGAIN });
  }
  const { shards, ...meta } = parsed.data;
  return { meta, shards };
}

/** Replaces `dataset.json` in one step: whoever reads sees the old one or the new one. */
export function writeManifest(dir: string, { meta, shards }: Manifest, fs: FileSystem = nodeFs): void {
  const path = join(dir, MANIFEST);
  const file = fs.openSync(`${path}.tmp`, 'w');
  try {
    writeFully(fs, file, Buffer.from(`${JSON.stringify({ ...meta, shards }, null, 2)}\n`), 0);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  fs.renameSync(`${path}.tmp`, path);
  syncFolder(dirname(path), fs);
}

export const COLLECT_AGAIN = 'collect the data set again, or restore the file from a copy';

/** Makes a rename last. */
export function syncFolder(dir: string, fs: FileSystem): void {
  const folder = fs.openSync(dir, 'r');
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}

export function writeFully(fs: FileSystem, file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += fs.writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}
