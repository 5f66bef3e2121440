import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetMeta } from '../../../src/data/dataset.ts';
import { hdf5Source } from '../../../src/data/hdf5/read.ts';
import { writeHdf5 } from '../../../src/data/hdf5/write.ts';
import type { Source } from '../../../src/data/source.ts';
import { freshFolder, noise, meta as small } from '../folder.ts';
import { all } from '../foreign-episodes.ts';

const meta: DatasetMeta = { ...small, width: 4, height: 4 };

/** Noise of some lengths. */
const noisy = (lengths: readonly number[], of = meta, fail?: Error): Source => ({
  meta: of,
  total: lengths.length,
  notes: [],
  async *episodes(from = 0) {
    for (const [seed, length] of [...lengths.entries()].slice(from)) yield noise(seed, length, of);
    if (fail) throw fail;
  },
  close() {},
});

describe('an HDF5 file that was written', () => {
  it('gives the same episodes again, where every moment has its picture', async () => {
    const path = join(freshFolder(), 'out.h5');
    const source = noisy([3, 1, 7], { ...meta, frameEvery: 1 });
    expect(await writeHdf5(path, source)).toEqual({ episodes: 3, rows: 4 + 2 + 8, left: 0 });
    const again = await hdf5Source(path, { size: 4 });
    expect(again.meta).toMatchObject({ task: 'two-room', periodMs: 100, actionSize: 2, stateSize: 3 });
    expect(again.notes).toEqual([]);
    expect(await all(again)).toEqual(await all(source));
    again.close();
  });

  it('has a row for every picture elsewhere, and all that was done between two of them as one action', async () => {
    const path = join(freshFolder(), 'out.h5');
    const source = noisy([4, 12, 5]);
    expect(await writeHdf5(path, source)).toEqual({ episodes: 2, rows: 3 + 2, left: 1 });
    const again = await hdf5Source(path, { size: 4 });
    expect(again.meta).toMatchObject({ periodMs: 500, actionSize: 10, frameEvery: 1 });
    const [, of12, of5] = await all(source);
    const [first, second] = await all(again);
    expect(first!.actions).toEqual(of12!.actions.slice(0, 20));
    expect([...first!.states]).toEqual([0, 5, 10].flatMap((step) => [...of12!.states.slice(3 * step, 3 * step + 3)]));
    expect(first!.frames).toEqual(of12!.frames);
    expect(second!.actions).toEqual(of5!.actions);
    again.close();
  });

  it('appears when it is whole, or not at all', async () => {
    const folder = freshFolder();
    const path = join(folder, 'out.h5');
    await expect(writeHdf5(path, noisy([12, 12], meta, new RangeError('no more')))).rejects.toThrow('no more');
    await expect(writeHdf5(path, noisy([12, 12]), { signal: AbortSignal.abort() })).rejects.toThrow();
    await expect(writeHdf5(path, noisy([2]))).rejects.toThrow('there is no episode of two rows to write');
    await expect(writeHdf5(join(folder, 'no/out.h5'), noisy([12]))).rejects.toMatchObject({ name: /Error$/ });
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });
});
