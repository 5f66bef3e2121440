import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convert as convertHere } from '../../src/cli/convert.ts';
import type { Terminal } from '../../src/cli/verb.ts';
import { openDataset } from '../../src/data/reader.ts';
import { viewOf } from '../../src/data/recorded.ts';
import { loadCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { bag, config, driveMcap, driveRecording, folder as fixtures } from '../data/drive.ts';
import { hdf5Fixtures, LENGTHS, lerobotFixtures } from '../data/foreign-episodes.ts';
import { lastLine, premotor } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-convert-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const convert = (input: string, out: string, ...more: string[]) =>
  premotor('convert', input, '--config', config, '--out', at(out), '--size', '16', ...more);

/** The command's work in this process, without its command line. */
function here(input: string | string[], out: string, settings: object = {}, signal = new AbortController().signal) {
  const said: string[] = [];
  const terminal: Terminal = {
    json: true,
    quiet: true,
    signal,
    progress: () => ({ update() {}, log() {}, done() {} }),
    say: (line) => said.push(line),
  };
  return convertHere([input].flat(), { out: at(out), ...settings }, terminal).then((outcome) => ({ ...outcome, said }));
}

describe('premotor convert', () => {
  beforeAll(async () => {
    expect(await convert(bag, 'bag', '--max-steps', '8')).toMatchObject({ code: 0 });
  });

  it('makes episodes of a bag, one or more of every ride', async () => {
    const data = await openDataset(at('bag'));
    expect(data.meta).toMatchObject({
      task: 'drive',
      policy: 'recorded',
      periodMs: 100,
      width: 16,
      height: 16,
      frameEvery: 1,
      actionSize: 2,
      stateSize: 7,
      variations: { recordings: ['drive.bag'], camera: 'front', states: ['x', 'y', 'yaw', 'v', 'w', 'left', 'right'] },
    });
    // Rides of 2 s and 1.2 s.
    expect(Array.from({ length: data.episodes }, (_, i) => data.length(i))).toEqual([8, 8, 4, 8, 4]);
    // At 100 ms since the ride began: the mean of what was said at 0 and 50 ms is in force before, of 100 and 150 after.
    expect([...data.actions(0, 0, 2)]).toEqual([25 / 4096, -25 / 2048, 125 / 4096, -125 / 2048]);
    expect([...data.state(3, 3)].map((value) => Number(value.toFixed(9)))).toEqual(
      [300 / 1024, -150 / 1024, 0.15, 0.25, -0.5, 300 / 512, -300 / 256].map((value) => Number(value.toFixed(9))),
    );
    // Green and blue count the pictures.
    const frame = new Uint8Array(16 * 16 * 3);
    data.readFrame(3, 3, frame, 0);
    expect([frame[1], frame[2]]).toEqual([24, (24 * 7) % 256]);
    data.close();
  });

  it('makes the same of the same ride in MCAP files of ROS 1, of ROS 2 and of its own', async () => {
    const shard = readFileSync(join(at('bag'), 'shard-00000.arrows'));
    await driveMcap(at('ros1.mcap'), 'ros1');
    await driveMcap(at('ros2.mcap'), 'cdr');
    for (const name of ['ros1', 'ros2']) {
      await here(at(`${name}.mcap`), name, { config, size: 16, maxSteps: 8 });
      expect(readFileSync(join(at(name), 'shard-00000.arrows')).equals(shard)).toBe(true);
    }
    await driveRecording(at('own.mcap'));
    await here(at('own.mcap'), 'own', { config, size: 16, maxSteps: 8 });
    const [own, data] = [await openDataset(at('own')), await openDataset(at('bag'))];
    expect(own.episodes).toBe(data.episodes);
    for (let episode = 0; episode < own.episodes; episode++) {
      const length = own.length(episode);
      expect(own.actions(episode, 0, length)).toEqual(data.actions(episode, 0, length));
    }
    own.close();
    data.close();
  });

  it('joins many recordings, at another period', async () => {
    const { json } = await here([bag, bag], 'two', { config, periodMs: 50, size: 32 });
    expect(json).toMatchObject({ episodes: 4, steps: 2 * (40 + 24), periodMs: 50, badMessages: 0 });
  });

  it('gives data that premotor train learns from', async () => {
    const { code, stdout, stderr } = await premotor(
      ...['train', '--data', at('bag'), '--out', at('run'), '--steps', '4', '--critic-steps', '4', '--json'],
      ...['--batch', '4', '--clip', '2', '--frameskip', '2', '--channels', '8,8', '--latent-dim', '8'],
      ...['--hidden', '8', '--predictor-hidden', '8', '--critic-hidden', '8'],
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(lastLine(stdout)).toMatchObject({ step: 4, checkpoint: join(at('run'), 'checkpoint') });
    const { config: model } = loadCheckpoint(join(at('run'), 'checkpoint'));
    expect(model).toMatchObject({ task: 'drive', probe: false, action: { low: [-0.5, -2], high: [0.5, 2] } });
    expect(readFileSync(join(at('run'), 'checkpoint/README.md'), 'utf8')).toContain('premotor convert drive.bag');
  });

  it.each([
    ['over another data set', () => convert(bag, 'bag'), 2, /holds a data set already/],
    ['a compressed bag', () => convert(join(fixtures, 'compressed.bag'), 'a'), 1, /rosbag decompress/],
    ['what is no recording', () => convert(config, 'b'), 1, /must be a ROS 1 bag or an MCAP file/],
    ['an unknown camera', () => convert(bag, 'c', '--camera', 'frnt'), 2, /did you mean front\?/],
    ['without a configuration', () => premotor('convert', bag, '--out', at('d')), 2, /--config/],
  ])('refuses %s', async (_, run, code, message) => {
    const ended = await run();
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/\n +at /);
  });

  it('makes one picture of several cameras and of what is measured, for training and for the mind', async () => {
    const text = readFileSync(config, 'utf8').replace(
      'front: { topic: /camera/image_raw }',
      'front: { topic: /camera/image_raw }\n  rear: { topic: /camera/image_raw, crop: centre }',
    );
    writeFileSync(at('two.yaml'), text);
    const two = (out: string, ...more: string[]) =>
      premotor('convert', bag, '-c', at('two.yaml'), '-o', at(out), '--size', '32', '--max-steps', '8', ...more);
    const both = ['--camera', 'front,rear', '--gauge', 'left=-1:1', '--gauge', 'v=0:0.5'];
    expect(await two('tiles', ...both)).toMatchObject({ code: 0 });
    const gauges = [
      { name: 'left', index: 5, low: -1, high: 1 },
      { name: 'v', index: 3, low: 0, high: 0.5 },
    ];
    const view = { cameras: ['front', 'rear'], gauges, stateSize: 7 };
    const data = await openDataset(at('tiles'));
    expect(viewOf(data.meta)).toEqual(view);
    const pixels = new Uint8Array(32 * 32 * 3);
    data.readFrame(0, 0, pixels, 0);
    const v = data.state(0, 0)[3]!;
    const half = [...pixels].filter((_, i) => Math.floor(i / 96) === 27 && i % 96 < 48); // a row of the second bar
    expect(half.filter((value) => value === 255).length / 48).toBeCloseTo(v / 0.5, 1);
    data.close();

    const tiny = ['--channels', '8,8,8', '--latent-dim', '8', '--hidden', '16', '--predictor-hidden', '16'];
    const short = ['--steps', '10', '--critic-steps', '2', '--batch', '4', '--frameskip', '1', '--clip', '3'];
    const trained = await premotor('train', '-d', at('tiles'), '-o', at('tiles-run'), ...tiny, ...short);
    expect(trained).toMatchObject({ code: 0 });
    expect(loadCheckpoint(join(at('tiles-run'), 'checkpoint')).config.view).toEqual(view);

    const refused = async (...more: string[]) => (await two('no', ...more)).stderr;
    expect(await refused('--camera', 'front,side')).toContain('--camera must be one of front, rear, got "side"');
    expect(await refused('--gauge', 'lift=0:1')).toContain('--gauge must be one of x, y, yaw, v, w, left, right');
    expect(await refused('--gauge', 'left=1:0')).toContain('--gauge must be name=low:high with low below high');
    expect(await refused('--camera', 'front,rear,front,rear', '--gauge', 'v=0:1')).toContain('room for four tiles');
  });

  it('leaves nothing behind when nothing came of it', async () => {
    writeFileSync(at('bad.yaml'), readFileSync(config, 'utf8').replace('/cmd_vel', '/other'));
    await expect(here(bag, 'none', { config: at('bad.yaml'), maxSteps: 1000 })).rejects.toThrow(
      /has no message on \/other/,
    );
    expect(existsSync(at('none'))).toBe(false);
  });

  it('documents itself', async () => {
    const { code, stdout } = await premotor('convert', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--config <file>');
    expect(existsSync(at('a'))).toBe(false);
  });
});

const swm = join(hdf5Fixtures, 'swm.h5');
const images = join(lerobotFixtures, 'images');

describe("premotor convert of other tools' data", () => {
  it('makes data that premotor train learns from', async () => {
    const { code, stdout, stderr } = await premotor('convert', swm, '--out', at('swm'), '--size', '16', '--json');
    expect({ code, said: stderr }).toEqual({
      code: 0,
      said: expect.stringMatching(/does not tell its period: 100 ms/),
    });
    expect(lastLine(stdout)).toMatchObject({
      from: 'hdf5',
      task: 'swm',
      episodes: 3,
      steps: 15,
      size: 16,
      stateSize: 3,
    });
    const trained = await premotor(
      ...['train', '--data', at('swm'), '--out', at('run-swm'), '--steps', '4', '--critic-steps', '4', '--json'],
      ...['--batch', '4', '--clip', '2', '--frameskip', '2', '--channels', '8,8', '--latent-dim', '8'],
      ...['--hidden', '8', '--predictor-hidden', '8', '--critic-hidden', '8'],
    );
    expect(trained).toMatchObject({ code: 0 });
    const { config: model } = loadCheckpoint(join(at('run-swm'), 'checkpoint'));
    expect(model).toMatchObject({ task: 'swm', action: { low: [0, -1.75], high: [2.25, 0] } });
    expect(readFileSync(join(at('run-swm'), 'checkpoint/README.md'), 'utf8')).toContain(
      'premotor convert swm.h5 --period-ms 100 --size 16',
    );
  });

  it('goes from every format to every other, and loses nothing on the way', async () => {
    await here(images, 'ours', { size: 24, task: 'push' });
    await here(at('ours'), 'there.h5');
    await here(at('there.h5'), 'again', { to: 'lerobot', size: 24 });
    await here(at('again'), 'back', { size: 24 });
    const [first, last] = [await openDataset(at('ours')), await openDataset(at('back'))];
    expect(last.meta).toMatchObject({ task: 'push', periodMs: 100, actionSize: 2, stateSize: 3 });
    for (const [episode, rows] of LENGTHS.entries()) {
      expect(last.actions(episode, 0, rows - 1)).toEqual(first.actions(episode, 0, rows - 1));
      for (let step = 0; step < rows; step++) {
        expect(last.state(episode, step)).toEqual(first.state(episode, step));
        const frames = [first, last].map((data) => {
          const frame = new Uint8Array(24 * 24 * 3);
          data.readFrame(episode, step, frame, 0);
          return frame;
        });
        expect(frames[1]).toEqual(frames[0]);
      }
    }
    first.close();
    last.close();
  });

  it('makes a recording into another format as well', async () => {
    const { json } = await here(bag, 'bag.h5', { config, size: 16 });
    expect(json).toMatchObject({ from: 'recording', to: 'hdf5', episodes: 2, rows: 21 + 13, periodMs: 100 });
  });

  it('finds the HDF5 file in a folder, and adds its ending', async () => {
    const folder = at('published');
    mkdirSync(folder);
    copyFileSync(swm, join(folder, 'tworoom.h5'));
    expect((await here(folder, 'named', { to: 'hdf5' })).json).toMatchObject({ dir: at('named.h5'), task: 'tworoom' });
  });

  it('goes on where it was stopped', async () => {
    const controller = new AbortController();
    controller.abort();
    const stopped = await here(swm, 'stopped', { size: 16 }, controller.signal);
    expect(stopped).toMatchObject({ ok: false, json: { episodes: 0 } });
    expect(existsSync(at('stopped'))).toBe(false);
    expect(await here(swm, 'stopped', { size: 16 })).toMatchObject({ ok: true, json: { episodes: 3 } });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['an option for recordings', () => here(swm, 'e', { config }), /--config does not go with an HDF5 file/],
    [
      'an option for others',
      () => here(bag, 'e', { config, frameEvery: 2 }),
      /--frame-every does not go with recordings/,
    ],
    ['a new size of ours', () => here(at('bag'), 'e.h5', { size: 32 }), /--size does not go with a data set of ours/],
    ['ours to ours', () => here(at('bag'), 'e'), /is a data set of ours already/],
    ['two data sets', () => here([swm, images], 'e'), /only recordings can be joined, got 2 inputs/],
    [
      'an unknown format',
      () => here(swm, 'e', { to: 'hdf' }),
      /--to must be one of episodes, hdf5, lerobot, got "hdf"/,
    ],
    ['a video in HDF5', () => here(swm, 'e.h5', { video: true }), /--video goes with --to lerobot only/],
    ['over a file', () => here(images, 'bag.h5'), /bag\.h5 is there already/],
    ['over a folder', () => here(images, 'published', { to: 'lerobot' }), /published is there already/],
    ['what is not there', () => here(at('nowhere'), 'e'), /^there is no file or folder at .*nowhere$/],
    [
      'an empty folder',
      () => here(mkdtempSync(at('empty-')), 'e'),
      /must be a ROS 1 bag or an MCAP file, an HDF5 file, or/,
    ],
  ])('refuses %s', async (_, run, message) => {
    await expect(run()).rejects.toMatchObject({ message: expect.stringMatching(message) });
    expect(existsSync(at('e'))).toBe(false);
  });
});
