import type { Dataset } from '../data/dataset.ts';
import type { Random } from '../random.ts';

/** Mean and spread of raw actions, `[A]` each; blocks are normalised by them. */
export type ActionScale = { readonly mean: number[]; readonly std: number[] };

/** Which episodes are learnt from and which are kept to judge by: the last twentieth, at least one, is held back. */
export function splitEpisodes(episodes: number): { readonly train: number; readonly held: number } {
  const held = Math.max(1, Math.round(episodes / 20));
  return { train: episodes - held, held };
}

export function actionScale(dataset: Dataset, episodes: number): ActionScale {
  const size = dataset.meta.actionSize;
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  let count = 0;
  for (let episode = 0; episode < episodes; episode++) {
    const actions = dataset.actions(episode, 0, dataset.length(episode));
    for (let i = 0; i < actions.length; i++) {
      sum[i % size]! += actions[i]!;
      squares[i % size]! += actions[i]! ** 2;
    }
    count += actions.length / size;
  }
  const mean = Array.from(sum, (value) => value / count);
  const std = Array.from(squares, (value, axis) => Math.sqrt(Math.max(1e-12, value / count - mean[axis]! ** 2)));
  return { mean, std };
}

/** The mean picture `[h, w, 3]` over about a thousand frames. */
export function meanPicture(dataset: Dataset, episodes: number): Float32Array {
  const { width, height, frameEvery } = dataset.meta;
  const frame = new Uint8Array(width * height * 3);
  const sum = new Float64Array(frame.length);
  const stride = Math.max(1, Math.floor(episodes / 250));
  let count = 0;
  for (let episode = 0; episode < episodes; episode += stride) {
    const frames = Math.floor(dataset.length(episode) / frameEvery) + 1;
    for (let i = 0; i < 4; i++) {
      dataset.readFrame(episode, Math.floor((i * frames) / 4) * frameEvery, frame, 0);
      for (let k = 0; k < frame.length; k++) sum[k]! += frame[k]!;
      count++;
    }
  }
  return Float32Array.from(sum, (value) => value / count);
}

/** Every block of a recording as normalised numbers. */
export function normaliseActions(actions: Float32Array, { mean, std }: ActionScale): Float32Array {
  return actions.map((value, i) => (value - mean[i % mean.length]!) / std[i % mean.length]!);
}

export type ClipShape = { readonly clip: number; readonly batch: number; readonly frameskip: number };

/** A batch of clips, time-major: `pixels` `[C * N, h, w, 3]` bytes, `blocks` `[(C - 1) * N, B]` normalised. */
export type Clips = { readonly pixels: Uint8Array; readonly blocks: Float32Array };
/** Where a clip begins. */
export type Start = { readonly episode: number; readonly step: number };

/** Draws clips of `clip` frames, `frameskip` steps apart, uniformly over all starts of the first `episodes` episodes. */
export function clipSampler(
  dataset: Dataset,
  episodes: number,
  scale: ActionScale,
  shape: ClipShape,
): (random: Random) => Clips {
  const draw = startSampler(dataset, episodes, shape);
  return (random) => {
    const starts = draw(random);
    return { pixels: picturesOf(dataset, starts, shape), blocks: blocksBetween(dataset, starts, scale, shape) };
  };
}

/** Draws where clips begin, `batch` of them. Throws `RangeError` where none would fit. */
export function startSampler(dataset: Dataset, episodes: number, { clip, batch, frameskip }: ClipShape) {
  const { frameEvery } = dataset.meta;
  if (frameskip % frameEvery !== 0) {
    throw new RangeError(`frameskip must be a multiple of the data set's frameEvery (${frameEvery}), got ${frameskip}`);
  }
  const span = (clip - 1) * frameskip;
  const counts = Array.from({ length: episodes }, (_, episode) =>
    Math.max(0, Math.floor((dataset.length(episode) - span) / frameEvery) + 1),
  );
  const ends = new Float64Array(episodes);
  let total = 0;
  counts.forEach((count, episode) => {
    total += count;
    ends[episode] = total;
  });
  if (total === 0) throw new RangeError(`no episode is as long as a clip (${span} steps)`);
  return (random: Random): Start[] =>
    Array.from({ length: batch }, () => {
      const draw = random.integer(total);
      const episode = upperBound(ends, draw);
      return { episode, step: (draw - (ends[episode]! - counts[episode]!)) * frameEvery };
    });
}

function picturesOf(dataset: Dataset, starts: readonly Start[], { clip, frameskip }: ClipShape): Uint8Array {
  const { width, height, frameEvery } = dataset.meta;
  const size = width * height * 3;
  const batch = starts.length;
  const pixels = new Uint8Array(clip * batch * size);
  for (const [n, { episode, step }] of starts.entries()) {
    if (frameskip === frameEvery) dataset.readFrames(episode, step, clip, pixels, n * size, batch * size);
    else
      for (let t = 0; t < clip; t++) dataset.readFrame(episode, step + t * frameskip, pixels, (t * batch + n) * size);
  }
  return pixels;
}

/** What was done between the moments of clips, time-major `[(C - 1) * N, B]`, normalised. */
export function blocksBetween(
  dataset: Dataset,
  starts: readonly Start[],
  scale: ActionScale,
  { clip, frameskip }: ClipShape,
): Float32Array {
  const size = frameskip * dataset.meta.actionSize;
  const batch = starts.length;
  const blocks = new Float32Array((clip - 1) * batch * size);
  for (const [n, { episode, step }] of starts.entries()) {
    for (let t = 0; t < clip - 1; t++) {
      const from = step + t * frameskip;
      blocks.set(normaliseActions(dataset.actions(episode, from, from + frameskip), scale), (t * batch + n) * size);
    }
  }
  return blocks;
}

/** First index whose value is above `value`, in a rising list. */
function upperBound(rising: Float64Array, value: number): number {
  let [low, high] = [0, rising.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
