import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Source } from './source.ts';
import { createEpisodeWriter, type EpisodeWriter } from './writer.ts';

export type Written = {
  /** Episodes in the data set, those of an earlier run included. */
  readonly episodes: number;
  /** False when it was stopped: a later call with the same source goes on where it was. */
  readonly whole: boolean;
};

export type WriteHooks = {
  readonly onEpisode?: (done: number, total: number | undefined) => void;
  /** Stops after the episode at hand. */
  readonly signal?: AbortSignal;
};

/**
 * Writes a data set of ours. Until it is whole it lies in `<dir>.part`, where a later call goes on after what is there; a source
 * without an episode leaves nothing. Throws `UsageError` when `<dir>.part` is of another source.
 */
export async function writeEpisodes(
  dir: string,
  source: Source,
  { onEpisode, signal }: WriteHooks = {},
): Promise<Written> {
  const part = `${dir}.part`;
  let writer: EpisodeWriter | undefined = existsSync(part) ? createEpisodeWriter(part, source.meta) : undefined;
  let whole = true;
  try {
    for await (const episode of source.episodes(writer?.episodes ?? 0)) {
      if (signal?.aborted) {
        whole = false;
        break;
      }
      writer ??= createEpisodeWriter(part, source.meta); // nothing is made of nothing
      writer.append(episode);
      onEpisode?.(writer.episodes, source.total);
    }
  } finally {
    writer?.close();
  }
  whole &&= !signal?.aborted;
  const episodes = writer?.episodes ?? 0;
  if (writer && episodes === 0) rmSync(part, { recursive: true });
  else if (whole && writer) renameSync(part, dir);
  return { episodes, whole };
}
