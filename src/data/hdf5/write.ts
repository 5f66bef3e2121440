import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { PremotorError } from '../../errors.ts';
import { rowShape, rowsOf, type Source } from '../source.ts';
import { createHdf5, type H5File } from './open.ts';

export type Exported = {
  readonly episodes: number;
  readonly rows: number /** Too short to have two rows. */;
  readonly left: number;
};

export type ExportHooks = {
  readonly onEpisode?: (done: number, total: number | undefined) => void;
  /** Ends the work; nothing is left of it then. */
  readonly signal?: AbortSignal;
};

/**
 * Writes episodes as stable-worldmodel does: a dataset a column, one row a chunk, `ep_len` and `ep_offset`; also `step_idx` and
 * `ep_idx`. A row is a stored frame, its action all that was done until the next, and that of the last row is NaN. The file
 * appears under its name when it is whole. Throws `PremotorError` when it cannot be written.
 */
export async function writeHdf5(path: string, source: Source, hooks: ExportHooks = {}): Promise<Exported> {
  const part = `${path}.part`;
  rmSync(part, { force: true });
  try {
    const file = await createHdf5(part);
    let done: Exported;
    try {
      done = await fill(file, source, hooks);
    } finally {
      file.close();
    }
    makeLast(part);
    renameSync(part, path);
    return done;
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

async function fill(file: H5File, source: Source, { onEpisode, signal }: ExportHooks): Promise<Exported> {
  const { meta } = source;
  const { actionSize, periodMs } = rowShape(meta);
  file.create_attribute('task', meta.task);
  file.create_attribute('policy', meta.policy);
  file.create_attribute('period_ms', periodMs, [], '<d');
  const columns = {
    pixels: column(file, 'pixels', '<B', [meta.height, meta.width, 3]),
    action: column(file, 'action', '<f', [actionSize]),
    state: column(file, 'state', '<d', [meta.stateSize]),
    step_idx: column(file, 'step_idx', '<q', []),
    ep_idx: column(file, 'ep_idx', '<i', []),
  };
  const lengths = column(file, 'ep_len', '<i', []);
  const offsets = column(file, 'ep_offset', '<q', []);
  let [episodes, total, left] = [0, 0, 0];
  for await (const episode of source.episodes()) {
    signal?.throwIfAborted();
    const { count, actions, states, frame } = rowsOf(meta, episode);
    if (count < 2) {
      left++;
      continue;
    }
    const padded = new Float32Array(count * actionSize).fill(Number.NaN);
    padded.set(actions);
    columns.action(total, padded);
    columns.state(total, states);
    columns.step_idx(
      total,
      BigInt64Array.from({ length: count }, (_, row) => BigInt(row)),
    );
    columns.ep_idx(total, new Int32Array(count).fill(episodes));
    columns.pixels(total, episode.frames.subarray(0, count * frame(0).length));
    lengths(episodes, Int32Array.of(count));
    offsets(episodes, BigInt64Array.of(BigInt(total)));
    total += count;
    episodes++;
    onEpisode?.(episodes, source.total);
  }
  if (episodes === 0) throw new PremotorError('there is no episode of two rows to write');
  return { episodes, rows: total, left };
}

type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array | BigInt64Array;

const arrays = { '<B': Uint8Array, '<f': Float32Array, '<d': Float64Array, '<q': BigInt64Array, '<i': Int32Array };
/** Numbers that are stored together. */
const CHUNK = 1024;

/** A dataset that grows; gives what puts rows at its end. */
function column(file: H5File, name: string, dtype: keyof typeof arrays, shape: readonly number[]) {
  const width = shape.reduce((product, side) => product * side, 1);
  const dataset = file.create_dataset({
    name,
    data: new arrays[dtype](0),
    dtype,
    shape: [0, ...shape],
    maxshape: [null, ...shape],
    chunks: [Math.max(1, Math.floor(CHUNK / width)), ...shape], // a picture alone: clips are read anywhere
  });
  return (at: number, values: Numbers): void => {
    const rows = values.length / width;
    dataset.resize([at + rows, ...shape]);
    dataset.write_slice([[at, at + rows], ...shape.map((): [] => [])], values);
  };
}

/** Waits until the disk has it. */
function makeLast(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
