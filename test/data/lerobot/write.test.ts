import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { DatasetMeta } from '../../../src/data/dataset.ts';
import { lerobotSource } from '../../../src/data/lerobot/read.ts';
import { writeLerobot } from '../../../src/data/lerobot/write.ts';
import type { Source } from '../../../src/data/source.ts';
import { freshFolder, noise, meta as small } from '../folder.ts';
import { all, lerobotFixtures } from '../foreign-episodes.ts';

const meta: DatasetMeta = { ...small, width: 4, height: 4 };
const ffmpegIsHere = spawnSync('ffmpeg', ['-version']).status === 0;

/** Noise of some lengths, its states rounded as LeRobot keeps them. */
const noisy = (lengths: readonly number[], of = meta, fail?: Error): Source => ({
  meta: of,
  total: lengths.length,
  notes: [],
  async *episodes(from = 0) {
    for (const [seed, length] of [...lengths.entries()].slice(from)) {
      const episode = noise(seed, length, of);
      yield { ...episode, states: Float64Array.from(Float32Array.from(episode.states)) };
    }
    if (fail) throw fail;
  },
  close() {},
});

const info = (dir: string) => JSON.parse(readFileSync(join(dir, 'meta/info.json'), 'utf8'));

describe('a LeRobot data set that was written', () => {
  it('gives the same episodes again, where every moment has its picture', async () => {
    const dir = join(freshFolder(), 'out');
    const source = noisy([3, 1, 7], { ...meta, frameEvery: 1 });
    expect(await writeLerobot(dir, source)).toEqual({ episodes: 3, rows: 4 + 2 + 8, left: 0 });
    const again = await lerobotSource(dir, { size: 4 });
    expect(again.meta).toMatchObject({ task: 'two-room', periodMs: 100, actionSize: 2, stateSize: 3 });
    expect(again.notes).toEqual([]);
    expect(await all(again)).toEqual(await all(source));
  });

  it('has a row for every picture elsewhere, and begins files when one is full', async () => {
    const dir = join(freshFolder(), 'out');
    const source = noisy([4, 12, 5, 20]);
    expect(await writeLerobot(dir, source, { fileBytes: 100 })).toEqual({ episodes: 3, rows: 3 + 2 + 5, left: 1 });
    expect(readdirSync(join(dir, 'data/chunk-000'))).toEqual(
      ['file-000', 'file-001', 'file-002'].map((name) => `${name}.parquet`),
    );
    expect(info(dir)).toMatchObject({
      codebase_version: 'v3.0',
      fps: 2,
      total_episodes: 3,
      total_frames: 10,
      total_tasks: 1,
    });
    expect(info(dir).features.action).toMatchObject({ shape: [10] });
    expect(info(dir).features.action.names.slice(0, 4)).toEqual(['action0@0', 'action1@0', 'action0@1', 'action1@1']);
    const [, of12, , of20] = await all(source);
    const [first, , third] = await all(await lerobotSource(dir, { size: 4 }));
    expect(first!.actions).toEqual(of12!.actions.slice(0, 20));
    expect(third!.actions).toEqual(of20!.actions);
    expect(third!.frames).toEqual(of20!.frames);
  });

  it('has the features, columns and statistics that lerobot itself writes', async () => {
    const fixture = join(lerobotFixtures, 'images');
    const dir = join(freshFolder(), 'out');
    const source = await lerobotSource(fixture, { size: 24 });
    await writeLerobot(dir, source);
    const stats = (of: string) => JSON.parse(readFileSync(join(of, 'meta/stats.json'), 'utf8'));
    const [ours, theirs] = [stats(dir), stats(fixture)];
    delete theirs['observation.images.wrist'];
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    for (const name of Object.keys(theirs)) {
      expect(Object.keys(ours[name]).sort()).toEqual(Object.keys(theirs[name]).sort());
      for (const [key, value] of Object.entries(theirs[name])) {
        // Of the same shape; the same numbers where nothing was resized or repeated.
        const [mine, other] = [ours[name][key].flat(3), (value as number[]).flat(3)];
        expect(mine).toHaveLength(other.length);
        if (!/^(min|max|mean|std)$/.test(key) || !/state|index|timestamp/.test(name)) continue;
        if (name === 'task_index') continue;
        mine.forEach((number: number, i: number) => {
          expect(number).toBeCloseTo(other[i] as number, 5);
        });
      }
    }
    const { features } = info(dir);
    expect(features['observation.state']).toEqual(info(fixture).features['observation.state']);
    expect(features.action).toEqual(info(fixture).features.action);
    expect(features.timestamp).toEqual(info(fixture).features.timestamp);
  });

  it('keeps its pictures in a video when asked, or says what is missing', async () => {
    const dir = join(freshFolder(), 'out');
    const lengths = [5, 3];
    // One colour a picture, so that no encoder can blur it into another.
    const source: Source = {
      ...noisy(lengths, { ...meta, width: 16, height: 16, frameEvery: 1 }),
      async *episodes() {
        for (const [seed, length] of lengths.entries()) {
          const episode = noise(seed, length, { ...meta, width: 16, height: 16, frameEvery: 1 });
          yield { ...episode, frames: episode.frames.map((_, i) => 40 * Math.floor(i / 768) + 10 * seed) };
        }
      },
    };
    if (!ffmpegIsHere) return await expect(writeLerobot(dir, source, { video: true })).rejects.toThrow(/need ffmpeg/);
    expect(await writeLerobot(dir, source, { video: true })).toEqual({ episodes: 2, rows: 10, left: 0 });
    const again = await all(await lerobotSource(dir, { size: 16 }));
    for (const [seed, { frames }] of again.entries()) {
      for (let row = 0; row <= lengths[seed]!; row++) {
        expect(Math.abs(frames[768 * row + 384]! - (40 * row + 10 * seed))).toBeLessThan(10);
      }
    }
  });

  it('appears when it is whole, or not at all', async () => {
    const folder = freshFolder();
    const dir = join(folder, 'out');
    await expect(writeLerobot(dir, noisy([12, 12], meta, new RangeError('no more')))).rejects.toThrow('no more');
    await expect(writeLerobot(dir, noisy([12, 12]), { signal: AbortSignal.abort() })).rejects.toThrow();
    await expect(writeLerobot(dir, noisy([2]))).rejects.toThrow('there is no episode of two rows to write');
    vi.stubEnv('PATH', '');
    try {
      await expect(writeLerobot(dir, noisy([12]), { video: true })).rejects.toThrow('videos need ffmpeg');
    } finally {
      vi.unstubAllEnvs();
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});
