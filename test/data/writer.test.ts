import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { encodeEpisode, encodeSchema } from '../../src/data/episode.ts';
import type { FileSystem } from '../../src/data/manifest.ts';
import { openDataset } from '../../src/data/reader.ts';
import { createEpisodeWriter, type WriterOptions } from '../../src/data/writer.ts';
import { contents, freshFolder, meta, noise } from './folder.ts';

const options: WriterOptions = { shardEpisodes: 4, syncEvery: 2 };

/** Appends episodes up to a number, from wherever the folder is; a close is optional. */
function write(dir: string, until: number, { close = true, fs }: { close?: boolean; fs?: FileSystem } = {}): void {
  const writer = createEpisodeWriter(dir, meta, { ...options, ...(fs ? { fs } : {}) });
  while (writer.episodes < until) writer.append(noise(writer.episodes));
  if (close) writer.close();
}

function uninterrupted(episodes: number): Record<string, string> {
  const dir = freshFolder();
  write(dir, episodes);
  return contents(dir);
}

describe('written episodes', () => {
  it('are read back exactly', async () => {
    const dir = freshFolder();
    write(dir, 10);
    const data = await openDataset(dir);
    expect([data.episodes, data.meta]).toEqual([10, meta]);
    for (let episode = 0; episode < 10; episode++) {
      const { actions, states, frames } = noise(episode);
      const length = actions.length / 2;
      expect(data.length(episode)).toBe(length);
      expect(data.actions(episode, 0, length)).toEqual(actions);
      for (let step = 0; step <= length; step++) {
        expect(data.state(episode, step)).toEqual(states.slice(3 * step, 3 * step + 3));
        if (step % 5 !== 0) continue;
        const target = new Uint8Array(50);
        data.readFrame(episode, step, target, 7);
        expect(target.slice(7, 43)).toEqual(frames.slice((36 * step) / 5, (36 * step) / 5 + 36));
        expect([...target.slice(0, 7), ...target.slice(43)].every((value) => value === 0)).toBe(true);
      }
    }
    data.close();
  });

  it('are Arrow tables that other tools open', () => {
    const dir = freshFolder();
    write(dir, 4);
    const table = tableFromIPC(nodeFs.readFileSync(join(dir, 'shard-00000.arrows')));
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'episode Int32',
      'step Int32',
      'action FixedSizeList[2]<Float32>',
      'state FixedSizeList[3]<Float64>',
      'frame Binary',
    ]);
    const { actions, states, frames } = noise(3);
    const rows = table.toArray().filter(({ episode }) => episode === 3);
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: actions.length / 2 + 1 }, (_, i) => i));
    expect(rows.at(-1).action).toBeNull();
    expect([...rows[1].action]).toEqual([...actions.slice(2, 4)]);
    expect([...rows[2].state]).toEqual([...states.slice(6, 9)]);
    expect(rows[0].frame).toEqual(frames.slice(0, 36));
    expect(rows[1].frame).toBeNull();
  });

  it('keep their bytes from version to version: data recorded earlier stays readable', () => {
    const bytes = Buffer.concat([encodeSchema(meta), encodeEpisode(meta, 7, noise(3))]);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '4972101cee41734c7c1aa7d41eea59c4f515f936095470775ae77b1dcc3e76e9',
    );
  });

  it('fill shards of a given size', () => {
    const dir = freshFolder();
    write(dir, 10);
    const { shards } = JSON.parse(nodeFs.readFileSync(join(dir, 'dataset.json'), 'utf8'));
    expect(shards.map(({ file, episodes }: { file: string; episodes: number }) => [file, episodes])).toEqual([
      ['shard-00000.arrows', 4],
      ['shard-00001.arrows', 4],
      ['shard-00002.arrows', 2],
    ]);
    expect(Object.keys(contents(dir))).toHaveLength(4);
  });

  it.each([
    ['actions', { actions: new Float32Array(3) }],
    ['states', { states: new Float64Array(3) }],
    ['frames', { frames: new Uint8Array(36) }],
    ['actions', { actions: new Float32Array(22).fill(Number.NaN) }],
    ['states', { states: new Float64Array(36).fill(Number.NaN) }],
  ])('are refused with impossible %s', (what, part) => {
    const writer = createEpisodeWriter(freshFolder(), meta);
    expect(() => writer.append({ ...noise(10, 11), ...part })).toThrow(RangeError);
    expect(() => writer.append({ ...noise(10, 11), ...part })).toThrow(what);
    expect(writer.episodes).toBe(0);
    writer.close();
  });
});

describe('a writer that goes on', () => {
  it.each([1, 3, 4, 5, 8, 9])('after a clean stop at %i, makes the same files', (stop) => {
    const dir = freshFolder();
    write(dir, stop);
    write(dir, 10);
    expect(contents(dir)).toEqual(uninterrupted(10));
  });

  it.each([1, 3, 5, 8, 9])('after dying at %i, makes the same files', (stop) => {
    const dir = freshFolder();
    write(dir, stop, { close: false });
    expect(createEpisodeWriter(dir, meta, options).episodes).toBe(stop);
    write(dir, 10);
    expect(contents(dir)).toEqual(uninterrupted(10));
  });

  it('drops a torn tail, wherever it is torn', () => {
    const dir = freshFolder();
    write(dir, 3, { close: false });
    const part = join(dir, 'shard-00000.arrows.part');
    const whole = nodeFs.readFileSync(part);
    const expected = uninterrupted(6);
    for (let cut = 0; cut < whole.length; cut += 61) {
      const torn = freshFolder();
      nodeFs.copyFileSync(join(dir, 'dataset.json'), join(torn, 'dataset.json'));
      nodeFs.writeFileSync(join(torn, 'shard-00000.arrows.part'), whole.subarray(0, cut));
      write(torn, 6);
      expect(contents(torn)).toEqual(expected);
    }
  });

  it('takes a shard that was closed but not yet listed', () => {
    const dir = freshFolder();
    write(dir, 8);
    const manifest = join(dir, 'dataset.json');
    const { shards, ...rest } = JSON.parse(nodeFs.readFileSync(manifest, 'utf8'));
    nodeFs.writeFileSync(manifest, JSON.stringify({ ...rest, shards: shards.slice(0, 1) }));
    write(dir, 10);
    expect(contents(dir)).toEqual(uninterrupted(10));
  });

  it('has nothing to do when everything is there', () => {
    const dir = freshFolder();
    write(dir, 6);
    const before = contents(dir);
    write(dir, 6);
    expect(contents(dir)).toEqual(before);
  });

  it('refuses a folder with other data', () => {
    const dir = freshFolder();
    write(dir, 1);
    expect(() => createEpisodeWriter(dir, { ...meta, seed: 2 })).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(/its seed is 1, asked for 2/) }),
    );
    expect(() => createEpisodeWriter(dir, { ...meta, variations: {} })).toThrow(/its variations is/);
  });
});

describe('a full disk', () => {
  /** The real file system, with so many bytes left. */
  const withRoom = (bytes: number): FileSystem => {
    let left = bytes;
    return {
      ...nodeFs,
      writeSync: ((file: number, data: Uint8Array, offset: number, length: number, position: number) => {
        const room = Math.min(length, left);
        left -= room;
        if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        return nodeFs.writeSync(file, data, offset, room, position);
      }) as typeof nodeFs.writeSync,
    };
  };

  it.each([100, 600, 3000, 7000, 9000])('after %i bytes: one clear error, and nothing lost', (room) => {
    const dir = freshFolder();
    expect(() => write(dir, 10, { fs: withRoom(room) })).toThrow(
      expect.objectContaining({
        name: 'PremotorError',
        message: expect.stringMatching(/the disk is full: cannot write to/),
        hint: expect.stringMatching(/run the same command again/),
      }),
    );
    write(dir, 10);
    expect(contents(dir)).toEqual(uninterrupted(10));
  });

  it('closes quietly after an error', () => {
    const dir = freshFolder();
    const writer = createEpisodeWriter(dir, meta, { fs: withRoom(900) });
    expect(() => writer.append(noise(12))).toThrow(/disk is full/);
    expect(() => writer.append(noise(12))).toThrow(/closed after a write error/);
    writer.close();
    expect(createEpisodeWriter(dir, meta).episodes).toBe(0);
  });
});

describe('a killed process', () => {
  const script = fileURLToPath(new URL('./collecting.ts', import.meta.url));
  const command = ['--import', 'tsx', script];

  /** Lets a collecting process live until it has said `lines` lines, then kills it. */
  const killedAfter = (dir: string, lines: number) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, [...command, dir, '26', '2'], { stdio: ['ignore', 'pipe', 'inherit'] });
      let seen = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString().split('\n').length - 1;
        if (seen >= lines) child.kill('SIGKILL');
      });
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        signal === 'SIGKILL' ? resolve() : reject(new Error(`it ended by itself with ${code ?? signal}`)),
      );
    });

  it('keeps what it collected: killed three times and resumed, the data set is the same', async () => {
    const dir = freshFolder();
    for (const lines of [2, 7, 3]) await killedAfter(dir, lines);
    execFileSync(process.execPath, [...command, dir, '26', '1']);
    const expected = freshFolder();
    execFileSync(process.execPath, [...command, expected, '26', '0']);
    expect(contents(dir)).toEqual(contents(expected));
    const data = await openDataset(dir);
    expect(data.episodes).toBe(26);
    data.close();
  });
});
