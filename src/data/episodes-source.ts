import type { Dataset } from './dataset.ts';
import { frameBytes, storedFrames } from './episode.ts';
import { openDataset } from './reader.ts';
import type { Source } from './source.ts';

/** The episodes of a data set of ours. Throws `DamagedDataset`. */
export async function episodesSource(dir: string): Promise<Source> {
  return datasetSource(await openDataset(dir));
}

/** The same of one that is open; closing the source closes it. */
export function datasetSource(data: Dataset): Source {
  const { meta } = data;
  const bytes = frameBytes(meta);
  return {
    meta,
    total: data.episodes,
    notes: [],
    async *episodes(from = 0) {
      for (let episode = from; episode < data.episodes; episode++) {
        const length = data.length(episode);
        const frames = new Uint8Array(storedFrames(meta, length) * bytes);
        for (let i = 0; i < frames.length / bytes; i++) data.readFrame(episode, i * meta.frameEvery, frames, i * bytes);
        const states = new Float64Array((length + 1) * meta.stateSize);
        for (let step = 0; step <= length; step++) states.set(data.state(episode, step), step * meta.stateSize);
        yield { actions: data.actions(episode, 0, length), states, frames };
      }
    },
    close: () => data.close(),
  };
}
