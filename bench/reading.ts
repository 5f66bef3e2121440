import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../sim/collect.ts';
import { findTask } from '../sim/tasks.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { openDataset } from '../src/data/reader.ts';
import { seeded } from '../src/random.ts';
import { actionScale, clipSampler } from '../src/worldmodel/clips.ts';
import { trainDefaults } from '../src/worldmodel/train.ts';
import { type Row, row } from './row.ts';
import { trainingRate } from './training.ts';

const FOR_MS = 3000;
const EPISODES = 200;

/** A gigabyte of PushT read as training reads it, beside the rate that training asks for. */
export async function benchReading(): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-bench-'));
  try {
    const task = findTask('pusht');
    await collect({ task, dir, episodes: EPISODES, seed: 1, policy: 'explore', frameEvery: 1 });
    const began = performance.now();
    const dataset = await openDataset(dir, { verify: false });
    const opened = performance.now() - began;
    const megabytes = Math.round((framesOf(dataset) * 64 * 64 * 3) / 1e6);
    const training = { name: 'training consumes', value: await trainingRate() };
    const before = process.memoryUsage().rss;
    const shuffled = sampling(dataset, 5);
    const dense = sampling(dataset, 1);
    const inOrder = sequence(dataset);
    const grown = Math.round((process.memoryUsage().rss - before) / 1e6);
    dataset.close();
    return [
      row('reading shuffled clips of 4 frames, 5 steps apart', shuffled, 'frames/s', training),
      row('reading shuffled clips of 4 frames, 1 step apart', dense, 'frames/s', training),
      row('reading in order', inOrder, 'frames/s', training),
      row(
        'resident memory grown by while reading',
        Math.max(1, grown),
        'MB',
        { name: 'size of the data', value: megabytes },
        'lower',
      ),
      row('opening the data set without checking its hash', opened, 'ms'),
    ];
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const framesOf = (dataset: Dataset): number =>
  Array.from({ length: dataset.episodes }, (_, episode) => dataset.length(episode) + 1).reduce((a, b) => a + b);

/** Frames per second in batches as `train` draws them. */
function sampling(dataset: Dataset, frameskip: number): number {
  const { clip, batch } = trainDefaults;
  const sample = clipSampler(dataset, EPISODES, actionScale(dataset, EPISODES), { clip, batch, frameskip });
  const random = seeded(1);
  let frames = 0;
  const began = performance.now();
  for (; performance.now() - began < FOR_MS; frames += clip * batch) sample(random);
  return (1000 * frames) / (performance.now() - began);
}

/** Frames per second, one after the other, through every episode. */
function sequence(dataset: Dataset): number {
  const frame = new Uint8Array(64 * 64 * 3);
  let frames = 0;
  const began = performance.now();
  for (let episode = 0; episode < EPISODES; episode++) {
    for (let step = 0; step <= dataset.length(episode); step++, frames++) dataset.readFrame(episode, step, frame, 0);
  }
  return (1000 * frames) / (performance.now() - began);
}
