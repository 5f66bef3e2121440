import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { lerobotSource } from '../../../src/data/lerobot/read.ts';
import { type Type, tableWriter } from '../../../src/data/lerobot/table.ts';
import { resized } from '../../../src/drivers/ros/resize.ts';
import { freshFolder } from '../folder.ts';
import { action, all, frame, HEIGHT, LENGTHS, lerobotFixtures, state, WIDTH } from '../foreign-episodes.ts';

const images = join(lerobotFixtures, 'images');
const videos = join(lerobotFixtures, 'videos');
const DATA = 'data/chunk-000/file-000.parquet';
const EPISODES = 'meta/episodes/chunk-000/file-000.parquet';
const VIDEO = 'videos/observation.images.front/chunk-000/file-000.mp4';
const ffmpegIsHere = spawnSync('ffmpeg', ['-version']).status === 0;

const whole = (episode: number, row: number) => ({ width: WIDTH, height: HEIGHT, data: frame(episode, row) });
const shown = (episode: number, row: number, size: number): Uint8Array =>
  resized(whole(episode, row), { width: size, height: size }).data;

describe('a LeRobot data set that lerobot wrote', () => {
  it('gives its episodes', async () => {
    const source = await lerobotSource(images, { size: 16 });
    expect(source.meta).toMatchObject({
      task: 'images',
      policy: 'recorded',
      frameEvery: 1,
      actionSize: 2,
      stateSize: 3,
      periodMs: 100,
      variations: {
        recordings: ['images'],
        format: 'lerobot',
        camera: 'observation.images.front',
        axes: [
          { name: 'x', low: 0, high: 2.25 },
          { name: 'y', low: -1.75, high: 0 },
        ],
        states: ['episode', 'row', 'part'],
      },
    });
    expect(source.notes).toEqual(['its 2 tasks become one: push the block; reach the corner']);
    const episodes = await all(source);
    for (const [episode, { actions, states, frames }] of episodes.entries()) {
      const rows = Array.from({ length: LENGTHS[episode]! }, (_, row) => row);
      expect([...actions]).toEqual(rows.slice(0, -1).flatMap((row) => action(episode, row)));
      expect([...states]).toEqual(rows.flatMap((row) => state(episode, row)));
      expect([...frames]).toEqual(rows.flatMap((row) => [...shown(episode, row, 16)]));
    }
    expect(episodes).toHaveLength(3);
  });

  it('cut, with every second picture of another camera', async () => {
    const options = {
      size: 24,
      camera: 'observation.images.wrist',
      maxSteps: 3,
      frameEvery: 2,
      task: 'x',
      periodMs: 50,
    };
    const source = await lerobotSource(images, options);
    expect(source.meta).toMatchObject({ task: 'x', periodMs: 50, frameEvery: 2 });
    const pieces = await all(source);
    expect(pieces.map(({ actions }) => actions.length / 2)).toEqual([3, 1, 3, 3, 2, 3]);
    expect([...pieces[3]!.actions]).toEqual([3, 4, 5].flatMap((row) => action(1, row)));
    expect([...pieces[3]!.states]).toEqual([3, 4, 5, 6].flatMap((row) => state(1, row)));
    // The wrist camera is the front one in a mirror.
    const mirrored = shown(1, 5, 24).slice(0, 24 * 3);
    const mirror = Array.from({ length: 24 }, (_, x) => [...mirrored.subarray(3 * (23 - x), 3 * (24 - x))]).flat();
    expect([...pieces[3]!.frames.subarray(24 * 24 * 3, 24 * 24 * 3 + 24 * 3)]).toEqual(mirror);
    expect(await all(source, 4)).toEqual(pieces.slice(4));
  });

  it('gives the pictures of a video, each its own, or says that ffmpeg is missing', async () => {
    const source = await lerobotSource(videos, { size: 24, maxSteps: 4 });
    if (!ffmpegIsHere) return await expect(all(source)).rejects.toThrow('videos need ffmpeg, which was not found');
    const pieces = await all(source);
    expect(pieces.map(({ actions }) => actions.length / 2)).toEqual([4, 4, 4, 3]);
    const blue = ({ frames }: { frames: Uint8Array }) =>
      Array.from({ length: frames.length / 1728 }, (_, i) => {
        const picture = frames.subarray(1728 * i, 1728 * (i + 1));
        return picture.reduce((sum, value, at) => sum + (at % 3 === 2 ? value : 0), 0) / 576;
      });
    // Blue tells the row in steps of 28; the encoder lost a little.
    for (const [piece, episode, from] of [
      [0, 0, 0],
      [1, 1, 0],
      [2, 1, 4],
      [3, 2, 0],
    ] as const) {
      const exact = blue(pieces[piece]!).map((_, i) => 28 * (from + i) + 8 * episode);
      expect(blue(pieces[piece]!).map((value, i) => Math.abs(value - exact[i]!) < 8)).toEqual(exact.map(() => true));
    }
  });

  it('without ffmpeg, says what to install', async () => {
    const source = await lerobotSource(videos, { size: 24 });
    vi.stubEnv('PATH', '');
    try {
      await expect(all(source)).rejects.toMatchObject({
        name: 'PremotorError',
        message: 'videos need ffmpeg, which was not found',
        hint: expect.stringContaining('apt-get install ffmpeg'),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

/** A copy of a fixture that can be spoilt. */
function copy(of = images): string {
  const dir = join(freshFolder(), 'copy');
  cpSync(of, dir, { recursive: true });
  return dir;
}

/** Other values in `info.json`; a function changes the file's text. */
function informed(change: Record<string, unknown> | ((text: string) => string), of = images): string {
  const dir = copy(of);
  const path = join(dir, 'meta/info.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, typeof change === 'function' ? change(text) : JSON.stringify({ ...JSON.parse(text), ...change }));
  return dir;
}

/** Another file in the place of one of the fixture's. */
function replaced(name: string, bytes: (of: Buffer) => Uint8Array | undefined, of = images): string {
  const dir = copy(of);
  const path = join(dir, name);
  const next = bytes(readFileSync(path));
  rmSync(path);
  if (next) writeFileSync(path, next);
  return dir;
}

/** The rows of the fixture's three episodes, some of their columns others. */
async function rows(change: Record<string, unknown[]>, types: Record<string, Type> = {}): Promise<string> {
  const dir = copy();
  const usual: Record<string, Type> = {
    'observation.images.front': 'PICTURE',
    'observation.state': { list: 'FLOAT' },
    action: { list: 'FLOAT' },
    frame_index: 'INT64',
    episode_index: 'INT64',
    ...types,
  };
  const index = LENGTHS.flatMap((length, episode) => Array.from({ length }, (_, row) => ({ episode, row })));
  const table = await tableWriter(join(dir, DATA), usual);
  table.append({
    'observation.images.front': index.map(() => ({ bytes: Uint8Array.of(1, 2, 3), path: 'a.png' })),
    'observation.state': index.map(({ episode, row }) => state(episode, row)),
    action: index.map(({ episode, row }) => action(episode, row)),
    frame_index: index.map(({ row }) => BigInt(row)),
    episode_index: index.map(({ episode }) => BigInt(episode)),
    ...change,
  });
  table.close();
  return dir;
}
const spoilt = <T>(values: T[], at: number, value: T): T[] => values.with(at, value);
const actions = () => LENGTHS.flatMap((length, e) => Array.from({ length }, (_, row) => action(e, row)));
const indices = () => LENGTHS.flatMap((length, e) => Array.from({ length }, () => BigInt(e)));

describe('a LeRobot data set is refused in one line', () => {
  it.each<[string, () => string | Promise<string>, RegExp]>([
    [
      'of another version',
      () => informed({ codebase_version: 'v2.1' }),
      /info\.json: codebase_version must be v3\.0, got v2\.1$/,
    ],
    ['without a version', () => informed({ codebase_version: undefined }), /info\.json: codebase_version: /],
    ['without a rate', () => informed({ fps: 0 }), /info\.json: fps: /],
    ['with a torn info.json', () => informed((text) => text.slice(0, 300)), /info\.json cannot be read: /],
    ['of other features', () => informed({ features: {} }), /features must have an image or a video/],
    [
      'without actions',
      () => informed((text) => text.replace('"action"', '"act"')),
      /info\.json: features must have numbers called action, got observation\.images\.front, observation\.state, act, /,
    ],
    [
      'with files elsewhere',
      () => informed({ data_path: '../../x-{chunk_index:03d}.parquet' }),
      /paths must stay in the folder/,
    ],
    ['with fewer episodes', () => informed({ total_episodes: 4 }), /must have 4 episodes as info\.json says, got 3$/],
    ['without its rows', () => replaced(DATA, () => undefined), /file-000\.parquet is missing$/],
    [
      'without its episodes',
      () => replaced(EPISODES, () => undefined),
      /must have 3 episodes as info\.json says, got 0/,
    ],
    ['with torn rows', () => replaced(DATA, (bytes) => bytes.subarray(0, 5000)), /file-000\.parquet is damaged: /],
    ['with rows that are none', () => replaced(DATA, () => Buffer.from('text')), /file-000\.parquet is damaged: /],
    [
      'with the rows of another',
      () => replaced(DATA, () => readFileSync(join(images, EPISODES))),
      /must have a column action, got/,
    ],
    [
      'with fewer rows',
      () =>
        rows({
          'observation.images.front': [null],
          'observation.state': [[0, 0, 0]],
          action: [[0, 0]],
          frame_index: [0n],
          episode_index: [0n],
        }),
      /must have 5 rows, got 1/,
    ],
    [
      'with an action that is none',
      () => rows({ action: spoilt(actions(), 6, [1, Number.NaN]) }),
      /action must be finite, got NaN in frame 1 of episode 1/,
    ],
    [
      'with an action too short',
      () => rows({ action: spoilt(actions(), 0, [1]) }),
      /action must be 2 numbers, got 1 in frame 0 of episode 0/,
    ],
    [
      'with an action missing',
      () => rows({ action: spoilt<number[] | null>(actions(), 0, null) }),
      /action must be 2 numbers, got 1 in frame 0 of episode 0/,
    ],
    [
      'with rows of another episode',
      () => rows({ episode_index: spoilt(indices(), 5, 0n) }),
      /episode_index must be 1, got 0 \(frame 0 of episode 1\)/,
    ],
    [
      'with rows out of order',
      () => rows({ frame_index: indices() }),
      /frame_index must be 1, got 0 \(frame 1 of episode 0\)/,
    ],
  ])('%s', async (_, spoil, message) => {
    await expect(lerobotSource(await spoil(), { size: 16 })).rejects.toEqual(
      expect.objectContaining({ name: 'DamagedDataset', message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, () => string | Promise<string>, RegExp]>([
    [
      'with a picture that is none',
      () => rows({}),
      /observation\.images\.front of row 0 of episode 0: the picture must be a PNG or a JPEG/,
    ],
    [
      'with pictures elsewhere',
      () => rows({ 'observation.images.front': indices().map(() => ({ bytes: null, path: 'a.png' })) }),
      /must have its bytes embedded, got none/,
    ],
    [
      'with a state that is none',
      () => rows({ 'observation.state': actions().map(() => [0, Number.POSITIVE_INFINITY, 0]) }),
      /observation\.state must be finite, got Infinity in frame 0 of episode 0/,
    ],
    ['without its video', () => replaced(VIDEO, () => undefined, videos), /file-000\.mp4 is missing/],
  ])('%s, when it comes to it', async (_, spoil, message) => {
    const source = await lerobotSource(await spoil(), { size: 16 });
    await expect(all(source)).rejects.toEqual(
      expect.objectContaining({ name: 'DamagedDataset', message: expect.stringMatching(message) }),
    );
  });

  it('with a damaged or too short video', async () => {
    if (!ffmpegIsHere) return;
    for (const spoil of [(bytes: Buffer) => bytes.subarray(0, 2000), () => Buffer.from('a text')]) {
      const source = await lerobotSource(replaced(VIDEO, spoil, videos), { size: 16 });
      await expect(all(source)).rejects.toEqual(
        expect.objectContaining({
          name: 'DamagedDataset',
          message: expect.stringMatching(/file-000\.mp4 must have \d pictures from [\d.]+ s on, got \d: [^[]/),
        }),
      );
    }
  });

  it('for a camera or state that it has not', async () => {
    await expect(lerobotSource(images, { size: 16, camera: 'front' })).rejects.toThrow(
      '--camera must be one of observation.images.front, observation.images.wrist, got "front"',
    );
    await expect(lerobotSource(images, { size: 16, state: 'state' })).rejects.toThrow(
      /--state must be one of observation\.state, action/,
    );
  });
});
