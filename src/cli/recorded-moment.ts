import { UsageError } from '../errors.ts';

/** A moment of a recorded episode. */
export type RecordedMoment = { readonly dir: string; readonly episode: number; readonly step: number };

/** Parser of `<data set>:<episode>:<step>`. */
export function recordedMoment(name: string): (text: string) => RecordedMoment {
  return (text) => {
    const [, dir, episode, step] = /^(.+):(\d+):(\d+)$/.exec(text) ?? [];
    if (dir === undefined) throw new UsageError(`${name} must be <data set>:<episode>:<step>, got "${text}"`);
    return { dir, episode: Number(episode), step: Number(step) };
  };
}

/** The state at a moment, and of what world it is. Throws `UsageError` when the data set has no such moment. */
export async function readMoment({ dir, episode, step }: RecordedMoment) {
  const { openDataset } = await import('../data/reader.ts');
  const dataset = await openDataset(dir, { verify: false });
  try {
    if (episode >= dataset.episodes) {
      throw new UsageError(`${dir} has episodes 0..${dataset.episodes - 1}, got ${episode}`);
    }
    const length = dataset.length(episode);
    if (step > length) throw new UsageError(`episode ${episode} of ${dir} has steps 0..${length}, got ${step}`);
    const { task, variations } = dataset.meta;
    return { task, variations, state: dataset.state(episode, step) };
  } finally {
    dataset.close();
  }
}
