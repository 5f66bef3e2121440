import { UsageError } from '../errors.ts';
import type { DatasetMeta } from './dataset.ts';
import { type Episode, frameBytes, storedFrames } from './episode.ts';

/** Episodes on their way from one format to another, one in memory at a time. Every importer gives one, every writer takes one. */
export interface Source {
  readonly meta: DatasetMeta;
  /** How many episodes there will be; `undefined` where only reading tells. */
  readonly total?: number;
  /** What a person should know before they use it, a line each. */
  readonly notes: readonly string[];
  /** The episodes from a number on, the same ones in every run. Throws `DamagedDataset` or `DamagedRecording`. */
  episodes(from?: number): AsyncIterable<Episode>;
  close(): void;
}

/** Part of an episode of another format: its rows `from` to `to`, both included; a row is a moment. */
export type Piece = { readonly episode: number; readonly from: number; readonly to: number };

/** Pictures of one episode in memory, bytes: longer episodes are cut. */
const PICTURES_LIMIT = 1 << 28;

/** At most so many steps in a piece: what was asked for, and what fits in memory. */
export function stepsLimit(meta: Pick<DatasetMeta, 'width' | 'height' | 'frameEvery'>, asked = Infinity): number {
  const fitting = Math.floor(PICTURES_LIMIT / (3 * meta.width * meta.height)) * meta.frameEvery;
  return Math.max(1, Math.min(asked, fitting));
}

/** Episodes of so many rows as pieces of at most `maxSteps` steps, that share a row with the next; one row alone has no step. */
export function piecesOf(rows: readonly number[], maxSteps: number): Piece[] {
  return rows.flatMap((count, episode) =>
    Array.from({ length: Math.max(0, Math.ceil((count - 1) / maxSteps)) }, (_, i) => {
      const from = i * maxSteps;
      return { episode, from, to: Math.min(from + maxSteps, count - 1) };
    }),
  );
}

/** An episode as other formats have it: a row for every stored frame. */
export type Rows = {
  readonly count: number;
  /** What was done between one row and the next, `[count - 1, frameEvery * A]`: as many actions one after the other. */
  readonly actions: Float32Array;
  /** `[count, S]`. */
  readonly states: Float64Array;
  /** RGB rows. */
  frame(row: number): Uint8Array;
};

/** The rows of an episode; steps after its last stored frame are left out. */
export function rowsOf(meta: DatasetMeta, { actions, states, frames }: Episode): Rows {
  const { actionSize, stateSize, frameEvery } = meta;
  const count = storedFrames(meta, actions.length / actionSize);
  const bytes = frameBytes(meta);
  const kept = new Float64Array(count * stateSize);
  for (let row = 0; row < count; row++) {
    const at = row * frameEvery * stateSize;
    kept.set(states.subarray(at, at + stateSize), row * stateSize);
  }
  return {
    count,
    actions: actions.subarray(0, (count - 1) * frameEvery * actionSize),
    states: kept,
    frame: (row) => frames.subarray(row * bytes, (row + 1) * bytes),
  };
}

/** What rows of a data set have between them: time, and numbers of an action. */
export const rowShape = ({ actionSize, frameEvery, periodMs }: DatasetMeta) => ({
  periodMs: periodMs * frameEvery,
  actionSize: actionSize * frameEvery,
});

/** Refuses a name that a file has not, with those that it has. */
export function known(what: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  throw new UsageError(`${what} must be one of ${names.join(', ') || 'none: there is none'}, got "${name}"`);
}
