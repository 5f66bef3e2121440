import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { DamagedDataset } from '../errors.ts';
import type { Dataset, DatasetMeta } from './dataset.ts';
import { frameBytes } from './episode.ts';
import { COLLECT_AGAIN, readManifest, type Shard } from './manifest.ts';
import { type ShardEpisode, scanShard } from './shard.ts';

type Indexed = ShardEpisode & { readonly file: number; readonly name: string };

/**
 * Opens a recorded data set. Actions are kept in memory, states and pictures are read when asked for. `verify` reads every shard
 * once and compares its SHA-256. Throws `DamagedDataset` naming the file and what is wrong with it.
 */
export async function openDataset(dir: string, { verify = true }: { verify?: boolean } = {}): Promise<Dataset> {
  const { meta, shards } = readManifest(dir);
  if (shards.length === 0) {
    throw new DamagedDataset(`the data set at ${dir} holds no closed shard yet`, {
      hint: 'run the same premotor collect command again: it goes on where it stopped',
    });
  }
  const files: number[] = [];
  const close = () => {
    for (const file of files.splice(0)) fs.closeSync(file);
  };
  const episodes: Indexed[] = [];
  try {
    for (const shard of shards) episodes.push(...(await openShard(dir, shard, meta, episodes.length, verify, files)));
  } catch (error) {
    close();
    throw error;
  }
  return dataset(meta, episodes, hashOf(shards), close);
}

async function openShard(
  dir: string,
  shard: Shard,
  meta: DatasetMeta,
  first: number,
  verify: boolean,
  files: number[],
): Promise<Indexed[]> {
  const name = join(dir, shard.file);
  const damaged = (reason: string, cause?: unknown) =>
    new DamagedDataset(`${name} is damaged: ${reason}`, { hint: COLLECT_AGAIN, cause });
  let file: number;
  try {
    file = fs.openSync(name, 'r');
  } catch (cause) {
    throw new DamagedDataset(`${name} is missing or cannot be opened`, { hint: COLLECT_AGAIN, cause });
  }
  files.push(file);
  const { size } = fs.fstatSync(file);
  if (size !== shard.bytes) throw damaged(`it must have ${shard.bytes} bytes, got ${size}`);
  if (verify && (await sha256(name)) !== shard.sha256) throw damaged('its content was altered (SHA-256 differs)');
  const { episodes, stopped } = scanShard(fs, file, name, meta, first);
  if (stopped) throw stopped;
  if (episodes.length !== shard.episodes) {
    throw damaged(`it must have ${shard.episodes} episodes, got ${episodes.length}`);
  }
  return episodes.map((episode) => ({ ...episode, file, name }));
}

function dataset(meta: DatasetMeta, index: readonly Indexed[], hash: string, close: () => void): Dataset {
  const bytes = frameBytes(meta);
  const at = (episode: number): Indexed => {
    const found = index[episode];
    if (!found) throw new RangeError(`episode must be in 0..${index.length - 1}, got ${episode}`);
    return found;
  };
  /** Where a moment's frame begins in its file. */
  const frameAt = (episode: number, step: number): number => {
    const { framesAt, length } = at(episode);
    inRange('step', step, 0, length);
    if (step % meta.frameEvery === 0) return framesAt + (step / meta.frameEvery) * bytes;
    throw new RangeError(`step must be a multiple of ${meta.frameEvery}, got ${step}`);
  };
  return {
    meta,
    episodes: index.length,
    hash,
    length: (episode) => at(episode).length,
    state: (episode, step) => {
      const { file, name, statesAt, length } = at(episode);
      inRange('step', step, 0, length);
      const state = new Float64Array(meta.stateSize);
      whole(name, state.byteLength, fs.readSync(file, state, 0, state.byteLength, statesAt + step * state.byteLength));
      return state;
    },
    actions: (episode, from, to) => {
      const { actions, length } = at(episode);
      inRange('from', from, 0, length);
      inRange('to', to, from, length);
      return actions.slice(from * meta.actionSize, to * meta.actionSize);
    },
    readFrame: (episode, step, target, offset) => {
      const { file, name } = at(episode);
      whole(name, bytes, fs.readSync(file, target, offset, bytes, frameAt(episode, step)));
    },
    readFrames: (episode, step, count, target, offset, stride) => {
      const from = frameAt(episode, step);
      frameAt(episode, step + (count - 1) * meta.frameEvery);
      const { file, name } = at(episode);
      const parts = Array.from({ length: count }, (_, i) => {
        const start = offset + i * stride;
        inRange('offset', start, 0, target.length - bytes);
        return target.subarray(start, start + bytes);
      });
      whole(name, count * bytes, fs.readvSync(file, parts, from));
    },
    close,
  };
}

function whole(name: string, expected: number, got: number): void {
  if (got !== expected) throw new DamagedDataset(`${name} was cut off while in use`, { hint: COLLECT_AGAIN });
}

function inRange(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name} must be in ${low}..${high}, got ${value}`);
}

const hashOf = (shards: readonly Shard[]): string =>
  createHash('sha256')
    .update(shards.map(({ sha256: hash }) => hash).join('\n'))
    .digest('hex');

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
