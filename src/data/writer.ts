import { createHash, type Hash } from 'node:crypto';
import nodeFs from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PremotorError, UsageError } from '../errors.ts';
import { claim } from './claim.ts';
import type { DatasetMeta } from './dataset.ts';
import { END_OF_STREAM, type Episode, encodeEpisode, encodeSchema } from './episode.ts';
import {
  type FileSystem,
  MANIFEST,
  readManifest,
  type Shard,
  shardName,
  syncFolder,
  writeFully,
  writeManifest,
} from './manifest.ts';
import { scanShard } from './shard.ts';

export interface EpisodeWriter {
  /** Episodes that are safe on disk, those of earlier runs included. */
  readonly episodes: number;
  append(episode: Episode): void;
  /** Closes the last shard; a later writer of the same folder goes on after it. */
  close(): void;
}

export type WriterOptions = {
  readonly shardEpisodes?: number;
  /** Data reaches the disk itself (not only the operating system) at least every so many episodes. */
  readonly syncEvery?: number;
  readonly fs?: FileSystem;
};

/** The shard being written: `*.arrows.part`. */
type Open = { file: number; index: number; episodes: number; rows: number; bytes: number; hash: Hash };

/**
 * Writes episodes to a folder of Arrow IPC streams. An appended episode survives the death of the process at any
 * moment: the next writer of the same folder keeps it, drops a half-written one, and goes on. Throws `UsageError` when
 * the folder holds other data or another process writes to it, `PremotorError` when the disk refuses.
 */
export function createEpisodeWriter(
  dir: string,
  meta: DatasetMeta,
  { shardEpisodes = 250, syncEvery = 50, fs = nodeFs }: WriterOptions = {},
): EpisodeWriter {
  const release = guarded(dir, () => claim(dir));
  const begun = guarded(dir, () => begin(dir, meta, fs), release);
  let shards: readonly Shard[] = begun.shards;
  let open: Open | undefined = begun.open;
  let failed = false;

  const list = (next: readonly Shard[]) => {
    writeManifest(dir, { meta, shards: next }, fs);
    shards = next;
  };

  const opened = (): Open => {
    // An earlier run may have died between filling a shard and closing it.
    if (open && open.episodes >= shardEpisodes) seal(open);
    if (open) return open;
    const last = shards.at(-1);
    if (last && last.episodes < shardEpisodes) {
      list(shards.slice(0, -1));
      open = recover(dir, meta, shards, fs);
    }
    open ??= start(dir, meta, shards.length, fs);
    return open;
  };

  const seal = (part: Open) => {
    put(fs, part, END_OF_STREAM);
    fs.fsyncSync(part.file);
    fs.closeSync(part.file);
    open = undefined;
    const file = shardName(part.index);
    fs.renameSync(join(dir, `${file}.part`), join(dir, file));
    syncFolder(dir, fs);
    const { episodes, rows, bytes } = part;
    list([...shards, { file, episodes, rows, bytes, sha256: part.hash.digest('hex') }]);
  };

  const attempt = (work: () => void) => {
    if (failed) throw new PremotorError(`${dir} is closed after a write error`);
    try {
      guarded(dir, work);
    } catch (error) {
      failed = true;
      if (open) fs.closeSync(open.file);
      open = undefined;
      throw error;
    }
  };

  return {
    get episodes() {
      return count(shards) + (open?.episodes ?? 0);
    },
    append: (episode) => {
      const bytes = encodeEpisode(meta, count(shards) + (open?.episodes ?? 0), episode);
      attempt(() => {
        const part = opened();
        put(fs, part, bytes);
        part.episodes++;
        part.rows += episode.actions.length / meta.actionSize + 1;
        if (part.episodes % syncEvery === 0) fs.fsyncSync(part.file);
        if (part.episodes >= shardEpisodes) seal(part);
      });
    },
    close: () => {
      try {
        if (failed || !open) return;
        if (open.episodes > 0) attempt(() => seal(open!));
        else fs.closeSync(open.file);
        open = undefined;
      } finally {
        release();
      }
    },
  };
}

/** Begins a data set, or finds what an earlier run left. */
function begin(dir: string, meta: DatasetMeta, fs: FileSystem): { shards: readonly Shard[]; open: Open | undefined } {
  if (!fs.existsSync(join(dir, MANIFEST))) {
    writeManifest(dir, { meta, shards: [] }, fs);
    return { shards: [], open: undefined };
  }
  const found = readManifest(dir, fs);
  const differing = Object.keys(meta).filter(
    (key) => !isDeepStrictEqual(meta[key as keyof DatasetMeta], found.meta[key as keyof DatasetMeta]),
  ) as (keyof DatasetMeta)[];
  const key = differing[0];
  if (key) {
    const [was, asked] = [JSON.stringify(found.meta[key]), JSON.stringify(meta[key])];
    throw new UsageError(`${dir} holds another data set: its ${key} is ${was}, asked for ${asked}`, {
      hint: 'choose another folder, or delete this one',
    });
  }
  return { shards: found.shards, open: recover(dir, meta, found.shards, fs) };
}

/** Reopens the shard after the listed ones, if there is one, without its torn tail. */
function recover(dir: string, meta: DatasetMeta, shards: readonly Shard[], fs: FileSystem): Open | undefined {
  const name = shardName(shards.length);
  const path = join(dir, `${name}.part`);
  if (fs.existsSync(join(dir, name))) fs.renameSync(join(dir, name), path);
  if (!fs.existsSync(path)) return undefined;
  const file = fs.openSync(path, 'r+');
  const { episodes, end } = scanShard(fs, file, name, meta, count(shards));
  if (end === 0) {
    fs.closeSync(file);
    return undefined;
  }
  fs.ftruncateSync(file, end);
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1 << 20);
  for (let at = 0; at < end; ) {
    const got = fs.readSync(file, chunk, 0, Math.min(chunk.length, end - at), at);
    hash.update(chunk.subarray(0, got));
    at += got;
  }
  const rows = episodes.reduce((sum, episode) => sum + episode.length + 1, 0);
  return { file, index: shards.length, episodes: episodes.length, rows, bytes: end, hash };
}

function start(dir: string, meta: DatasetMeta, index: number, fs: FileSystem): Open {
  const file = fs.openSync(join(dir, `${shardName(index)}.part`), 'w+');
  const open = { file, index, episodes: 0, rows: 0, bytes: 0, hash: createHash('sha256') };
  put(fs, open, encodeSchema(meta));
  return open;
}

function put(fs: FileSystem, open: Open, bytes: Uint8Array): void {
  writeFully(fs, open.file, bytes, open.bytes);
  open.hash.update(bytes);
  open.bytes += bytes.length;
}

const count = (shards: readonly Shard[]): number => shards.reduce((sum, shard) => sum + shard.episodes, 0);

function guarded<T>(dir: string, work: () => T, onFailure?: () => void): T {
  try {
    return work();
  } catch (cause) {
    onFailure?.();
    if (cause instanceof PremotorError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
    const message = full ? `the disk is full: cannot write to ${dir}` : `cannot write to ${dir}: ${cause.message}`;
    throw new PremotorError(message, {
      cause,
      hint: full
        ? 'free some space and run the same command again: it goes on where it stopped'
        : 'is the folder writable? The episodes so far are kept',
    });
  }
}
