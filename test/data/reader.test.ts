import nodeFs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeEpisode, encodeSchema } from '../../src/data/episode.ts';
import { readManifest, writeManifest } from '../../src/data/manifest.ts';
import { openDataset } from '../../src/data/reader.ts';
import { createEpisodeWriter } from '../../src/data/writer.ts';
import { freshFolder, meta, noise } from './folder.ts';

function recorded(): string {
  const dir = freshFolder();
  const writer = createEpisodeWriter(dir, meta, { shardEpisodes: 3 });
  for (let i = 0; i < 6; i++) writer.append(noise(i + 5));
  writer.close();
  return dir;
}
const shard = (dir: string) => join(dir, 'shard-00001.arrows');
const damaged = (message: RegExp) =>
  expect.objectContaining({
    name: 'DamagedDataset',
    exitCode: 1,
    message: expect.stringMatching(message),
    hint: expect.any(String),
  });

describe('a damaged data set', () => {
  it('is refused when it is missing, or has no closed shard', async () => {
    await expect(openDataset('/nowhere/at/all')).rejects.toEqual(damaged(/no data set at \/nowhere\/at\/all/));
    const dir = freshFolder();
    createEpisodeWriter(dir, meta).close();
    await expect(openDataset(dir)).rejects.toEqual(damaged(/holds no closed shard yet/));
  });

  it('is refused when a shard is missing', async () => {
    const dir = recorded();
    nodeFs.rmSync(shard(dir));
    await expect(openDataset(dir)).rejects.toEqual(damaged(/shard-00001\.arrows is missing/));
  });

  it.each([0, 1, 100, 500, 1000, -9, -1])('is refused when a shard is cut at %i', async (at) => {
    const dir = recorded();
    const whole = nodeFs.readFileSync(shard(dir));
    nodeFs.writeFileSync(shard(dir), whole.subarray(0, at < 0 ? whole.length + at : at));
    await expect(openDataset(dir)).rejects.toEqual(damaged(/shard-00001\.arrows is damaged: it must have \d+ bytes/));
    await expect(openDataset(dir, { verify: false })).rejects.toEqual(damaged(/shard-00001\.arrows is damaged/));
  });

  it('is refused when any bit of a shard is flipped', async () => {
    const dir = recorded();
    const whole = nodeFs.readFileSync(shard(dir));
    for (let at = 0; at < whole.length; at += 131) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      nodeFs.writeFileSync(shard(dir), flipped);
      await expect(openDataset(dir)).rejects.toEqual(
        damaged(/shard-00001\.arrows is damaged: its content was altered/),
      );
    }
  });

  it('is never opened without an error of its own kind, even unverified', async () => {
    const dir = recorded();
    const whole = nodeFs.readFileSync(shard(dir));
    let refused = 0;
    for (let at = 0; at < 1500; at += 3) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 0x55;
      nodeFs.writeFileSync(shard(dir), flipped);
      try {
        const data = await openDataset(dir, { verify: false });
        data.close();
      } catch (error) {
        refused++;
        expect(error).toEqual(damaged(/shard-00001\.arrows is damaged/));
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  it.each([
    ['actions', Number.NaN, /episode 0: an action is not a finite number/],
    ['states', Number.POSITIVE_INFINITY, /episode 0: a state is not a finite number/],
  ] as const)('is refused when it holds impossible %s', async (what, value, message) => {
    const dir = freshFolder();
    // A marked number is found in the bytes and overwritten there.
    const episode = noise(5, 6);
    episode[what][3] = 12345.5;
    const stream = Buffer.concat([encodeSchema(meta), encodeEpisode(meta, 0, episode), Buffer.alloc(0)]);
    const mark = Buffer.from((what === 'actions' ? Float32Array : Float64Array).of(12345.5).buffer);
    const at = stream.indexOf(mark);
    expect(at).toBeGreaterThan(0);
    if (what === 'actions') stream.writeFloatLE(value, at);
    else stream.writeDoubleLE(value, at);
    writeManifest(dir, { meta, shards: [] });
    nodeFs.writeFileSync(join(dir, 'shard-00000.arrows'), stream);
    const listed = { file: 'shard-00000.arrows', episodes: 1, rows: 7, bytes: stream.length, sha256: '0'.repeat(64) };
    writeManifest(dir, { meta, shards: [listed] });
    await expect(openDataset(dir, { verify: false })).rejects.toEqual(damaged(message));
  });

  it.each([
    ['width', 5, /another size/],
    ['height', 4, /another size/],
    ['actionSize', 3, /columns are not those/],
    ['stateSize', 2, /columns are not those/],
    ['frameEvery', 4, /frame/],
  ])('is refused when its %s is another', async (key, value, message) => {
    const dir = recorded();
    const manifest = readManifest(dir);
    writeManifest(dir, { ...manifest, meta: { ...manifest.meta, [key]: value } });
    await expect(openDataset(dir)).rejects.toEqual(damaged(message));
  });

  it('is refused when dataset.json is damaged', async () => {
    const dir = recorded();
    const path = join(dir, 'dataset.json');
    const text = nodeFs.readFileSync(path, 'utf8');
    nodeFs.writeFileSync(path, text.slice(0, 200));
    await expect(openDataset(dir)).rejects.toEqual(damaged(/dataset\.json is damaged: it is not JSON/));
    nodeFs.writeFileSync(path, text.replace('"width": 4', '"width": -4'));
    await expect(openDataset(dir)).rejects.toEqual(damaged(/dataset\.json is damaged: width/));
    nodeFs.writeFileSync(path, text.replace('episodes/1', 'episodes/9'));
    await expect(openDataset(dir)).rejects.toEqual(damaged(/dataset\.json is damaged: format/));
  });

  it('may not name files outside its folder', async () => {
    const dir = recorded();
    const path = join(dir, 'dataset.json');
    nodeFs.writeFileSync(path, nodeFs.readFileSync(path, 'utf8').replace('shard-00000.arrows', '../../etc/passwd'));
    await expect(openDataset(dir)).rejects.toEqual(damaged(/dataset\.json is damaged: shards\.0\.file/));
  });
});

describe('a data set', () => {
  it('has a hash that names its content', async () => {
    const [one, same] = [await openDataset(recorded()), await openDataset(recorded())];
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(same.hash).toBe(one.hash);
    const dir = freshFolder();
    const writer = createEpisodeWriter(dir, meta, { shardEpisodes: 3 });
    writer.append(noise(1));
    writer.close();
    expect((await openDataset(dir)).hash).not.toBe(one.hash);
  });

  it('refuses moments that do not exist', async () => {
    const data = await openDataset(recorded());
    const length = data.length(0);
    const target = new Uint8Array(36);
    expect(() => data.length(6)).toThrow(/episode must be in 0..5, got 6/);
    expect(() => data.state(0, length + 1)).toThrow(RangeError);
    expect(() => data.actions(0, 0, length + 1)).toThrow(RangeError);
    expect(() => data.actions(0, 2, 1)).toThrow(RangeError);
    expect(() => data.readFrame(0, 3, target, 0)).toThrow(/step must be a multiple of 5, got 3/);
    expect(() => data.readFrame(0, length + 5, target, 0)).toThrow(RangeError);
  });
});
