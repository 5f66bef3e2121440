import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/reader.ts';
import { ended, lastLine, premotor, start } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-collect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const collect = (out: string, episodes: number) => [
  'collect',
  '--episodes',
  String(episodes),
  '--size',
  '32',
  '--out',
  join(folder, out),
];

describe('premotor collect', () => {
  it('prints one JSON object on stdout and its progress elsewhere', async () => {
    const { code, stdout, stderr } = await premotor(...collect('small', 6), '--json');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(lastLine(stdout)).toMatchObject({ task: 'two-room', episodes: 6, steps: 600, policy: 'explore' });
    expect(stderr).toContain('6/6');
  });

  it('says nothing but the result when quiet', async () => {
    const { stdout, stderr } = await premotor(...collect('quiet', 2), '--quiet');
    expect(stderr).toBe('');
    expect(stdout).toContain('2 of 2 episodes');
  });

  it('ends cleanly on Ctrl-C, with a data set that can be read, and goes on to the same one as an undisturbed run', async () => {
    const episodes = 3000;
    const child = start(collect('cut', episodes));
    child.stderr!.on('data', (text: Buffer) => {
      if (!child.killed && / [1-9]\d*\/3000/.test(String(text))) child.kill('SIGINT'); // once: a second one would end it at once
    });
    const { code, stdout, stderr } = await ended(child);
    expect(code).toBe(130);
    expect(stderr).toContain('stopping cleanly');
    expect(stdout).toContain('run the same command again');

    const dataset = await openDataset(join(folder, 'cut'));
    expect(dataset.episodes).toBeGreaterThan(0);
    expect(dataset.episodes).toBeLessThan(episodes);
    const more = dataset.episodes + 5;
    dataset.close();

    expect((await premotor(...collect('cut', more))).code).toBe(0);
    expect((await premotor(...collect('whole', more))).code).toBe(0);
    const [cut, whole] = [await openDataset(join(folder, 'cut')), await openDataset(join(folder, 'whole'))];
    expect(cut.episodes).toBe(more);
    for (const episode of [0, more - 6, more - 1]) {
      expect(cut.actions(episode, 0, 100)).toEqual(whole.actions(episode, 0, 100));
      const frames = [cut, whole].map((set) => {
        const frame = new Uint8Array(32 * 32 * 3);
        set.readFrame(episode, 50, frame, 0);
        return frame;
      });
      expect(frames[0]).toEqual(frames[1]);
    }
    cut.close();
    whole.close();
    expect(readdirSync(join(folder, 'cut')).filter((name) => /\.(part|tmp|new)$/.test(name))).toEqual([]);
  });
});
