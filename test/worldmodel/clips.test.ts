import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { seeded } from '../../src/random.ts';
import { actionScale, clipSampler, meanPicture, splitEpisodes } from '../../src/worldmodel/clips.ts';
import { tinyDataset } from '../support/tiny-dataset.ts';

const root = mkdtempSync(join(tmpdir(), 'premotor-clips-'));
let dataset: Dataset;
beforeAll(async () => {
  dataset = await tinyDataset(join(root, 'data'));
});
afterAll(() => {
  dataset.close();
  rmSync(root, { recursive: true });
});
const frameSize = 32 * 32 * 3;

it('holds back the last twentieth, at least one episode', () => {
  expect(splitEpisodes(8)).toEqual({ train: 7, held: 1 });
  expect(splitEpisodes(3000)).toEqual({ train: 2850, held: 150 });
});

it('normalises actions to zero mean and unit spread', () => {
  const { mean, std } = actionScale(dataset, 7);
  for (const axis of [0, 1]) {
    expect(Math.abs(mean[axis]!)).toBeLessThan(0.15);
    expect(std[axis]!).toBeGreaterThan(0.5); // uniform on [-1, 1]: 0.577
    expect(std[axis]!).toBeLessThan(0.66);
  }
});

it('pairs each block with the frames before and after it: block t leaves frame t', () => {
  const scale = { mean: [0, 0], std: [1, 1] };
  const sample = clipSampler(dataset, 7, scale, { clip: 3, batch: 4, frameskip: 5 });
  const { pixels, blocks } = sample(seeded(3));
  const frame = new Uint8Array(frameSize);
  for (let n = 0; n < 4; n++) {
    const found = [];
    for (let episode = 0; episode < 7; episode++) {
      for (let step = 0; step <= 20; step += 5) {
        const same = [0, 1, 2].every((t) => {
          dataset.readFrame(episode, step + 5 * t, frame, 0);
          return Buffer.compare(frame, pixels.subarray((t * 4 + n) * frameSize, (t * 4 + n + 1) * frameSize)) === 0;
        });
        const acts = [0, 1].every((t) =>
          dataset
            .actions(episode, step + 5 * t, step + 5 * t + 5)
            .every((value, i) => value === blocks[(t * 4 + n) * 10 + i]),
        );
        if (acts) found.push(same);
      }
    }
    expect(found).toEqual([true]); // the actions are of one place only, and the frames are of that place
  }
});

it('gives the same clips for the same source of chance, others for another', () => {
  const sample = clipSampler(dataset, 7, { mean: [0, 0], std: [1, 1] }, { clip: 2, batch: 8, frameskip: 5 });
  expect(sample(seeded(1))).toEqual(sample(seeded(1)));
  expect(sample(seeded(1)).blocks).not.toEqual(sample(seeded(2)).blocks);
});

it('refuses a frameskip between stored frames, and clips longer than any episode', () => {
  const scale = { mean: [0, 0], std: [1, 1] };
  expect(() => clipSampler(dataset, 7, scale, { clip: 2, batch: 1, frameskip: 3 })).toThrow(
    "frameskip must be a multiple of the data set's frameEvery (5), got 3",
  );
  expect(() => clipSampler(dataset, 7, scale, { clip: 9, batch: 1, frameskip: 5 })).toThrow(
    'no episode is as long as a clip',
  );
});

it('averages pictures', () => {
  const mean = meanPicture(dataset, 7);
  expect(mean.length).toBe(frameSize);
  const total = mean.reduce((a, b) => a + b, 0) / (255 * 3);
  expect(Math.abs(total - 36)).toBeLessThan(6); // a square of about 6 x 6 white pixels
});
