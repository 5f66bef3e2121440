import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { episodesSource } from '../../src/data/episodes-source.ts';
import type { Source } from '../../src/data/source.ts';
import { writeEpisodes } from '../../src/data/write-episodes.ts';
import { contents, freshFolder, meta, noise } from './folder.ts';
import { all } from './foreign-episodes.ts';

const noisy = (count: number, change: Partial<Source> = {}): Source => ({
  meta,
  total: count,
  notes: [],
  async *episodes(from = 0) {
    for (let i = from; i < count; i++) yield noise(i);
  },
  close() {},
  ...change,
});

describe('episodes of a source', () => {
  it('become a data set that gives them again', async () => {
    const dir = join(freshFolder(), 'out');
    const told: unknown[] = [];
    const done = await writeEpisodes(dir, noisy(5), { onEpisode: (...progress) => told.push(progress) });
    expect([done, told.at(-1)]).toEqual([{ episodes: 5, whole: true }, [5, 5]]);
    const again = await episodesSource(dir);
    expect([again.meta, again.total]).toEqual([meta, 5]);
    expect(await all(again)).toEqual(await all(noisy(5)));
    expect(await all(again, 3)).toEqual((await all(again)).slice(3));
    again.close();
  });

  it('go on where they were stopped, with the same files at the end', async () => {
    const [dir, whole] = [join(freshFolder(), 'out'), join(freshFolder(), 'out')];
    await writeEpisodes(whole, noisy(6));
    const stop = new AbortController();
    const onEpisode = (done: number) => done === 3 && stop.abort();
    expect(await writeEpisodes(dir, noisy(6), { onEpisode, signal: stop.signal })).toEqual({
      episodes: 3,
      whole: false,
    });
    expect(existsSync(dir)).toBe(false);
    const seen: number[] = [];
    await writeEpisodes(dir, noisy(6), { onEpisode: (done) => seen.push(done) });
    expect(seen).toEqual([4, 5, 6]);
    expect(contents(dir)).toEqual(contents(whole));
    expect(existsSync(`${dir}.part`)).toBe(false);
  });

  it('that break off leave nothing that looks complete', async () => {
    const dir = join(freshFolder(), 'out');
    const broken = noisy(4, {
      async *episodes() {
        yield noise(0);
        throw new RangeError('no more');
      },
    });
    await expect(writeEpisodes(dir, broken)).rejects.toThrow('no more');
    expect(existsSync(dir)).toBe(false);
    await expect(writeEpisodes(dir, noisy(4, { meta: { ...meta, seed: 9 } }))).rejects.toThrow(
      /its seed is 1, asked for 9/,
    );
    expect(await writeEpisodes(dir, noisy(4))).toEqual({ episodes: 4, whole: true });
  });

  it('that are none leave nothing', async () => {
    const folder = freshFolder();
    expect(await writeEpisodes(join(folder, 'out'), noisy(0))).toEqual({ episodes: 0, whole: true });
    expect(readdirSync(folder)).toEqual([]);
  });
});
