import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/reader.ts';
import { loadCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { bag, config, driveMcap, driveRecording, folder as fixtures } from '../data/drive.ts';
import { lastLine, premotor } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-convert-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const convert = (input: string, out: string, ...more: string[]) =>
  premotor('convert', input, '--config', config, '--out', at(out), '--size', '16', ...more);

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
      expect(await convert(at(`${name}.mcap`), name, '--max-steps', '8')).toMatchObject({ code: 0 });
      expect(readFileSync(join(at(name), 'shard-00000.arrows')).equals(shard)).toBe(true);
    }
    await driveRecording(at('own.mcap'));
    expect(await convert(at('own.mcap'), 'own', '--max-steps', '8', '--json')).toMatchObject({ code: 0 });
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
    const { code, stdout } = await premotor(
      ...['convert', bag, bag, '--config', config, '--out', at('two'), '--period-ms', '50', '--size', '32', '--json'],
    );
    expect(code).toBe(0);
    expect(lastLine(stdout)).toMatchObject({ episodes: 4, steps: 2 * (40 + 24), periodMs: 50, badMessages: 0 });
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

  it('leaves nothing behind when nothing came of it', async () => {
    writeFileSync(at('bad.yaml'), readFileSync(config, 'utf8').replace('/cmd_vel', '/other'));
    const { code, stderr } = await premotor(
      'convert',
      bag,
      '--config',
      at('bad.yaml'),
      '--out',
      at('none'),
      '--max-steps',
      '1000',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/has no message on \/other/);
  });

  it('documents itself', async () => {
    const { code, stdout } = await premotor('convert', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--config <file>');
    expect(existsSync(at('a'))).toBe(false);
  });
});
