import { basename, extname } from 'node:path';
import { DamagedDataset } from '../../errors.ts';
import type { Episode } from '../episode.ts';
import { actionLimits, type ForeignOptions, firstNotFinite, foreignMeta, numbered, place } from '../foreign.ts';
import { known, piecesOf, type Source, stepsLimit } from '../source.ts';
import { type Column, columnsOf, needed } from './column.ts';
import { attempt, type H5File, openHdf5 } from './open.ts';
import { isPicture, pictures } from './pictures.ts';

/** Where the rows of an episode are. */
type Span = { readonly offset: number; readonly rows: number };

/** Period of files that do not tell theirs. */
const PERIOD_MS = 100;

/**
 * Episodes of an HDF5 file as stable-worldmodel and LeWM write it: a dataset a column with one row a step, `ep_len` and
 * `ep_offset`; the action of a row is what is done after it, and that of an episode's last row is none. Throws
 * `DamagedDataset`, `UsageError` for a camera or state that is not there.
 */
export async function hdf5Source(path: string, options: ForeignOptions): Promise<Source> {
  const file = await openHdf5(path);
  try {
    return sourceOf(path, file, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

function sourceOf(path: string, file: H5File, options: ForeignOptions): Source {
  const columns = columnsOf(path, file);
  const action = needed(path, columns, 'action');
  const camera = cameraOf(path, columns, options.camera);
  const state = stateOf(columns, options.state);
  const used = [action, camera, ...(state ? [state] : [])];
  const spans = spansOf(path, columns, used);

  const limits = actionLimits(action.width);
  for (const [episode, { offset, rows }] of spans.entries()) {
    if (rows > 1) limits.add(finite(path, episode, action, offset, offset + rows - 1));
  }
  const told = attempt(path, () => [file.attrs.period_ms?.value, file.attrs.task?.value] as const);
  const period = typeof told[0] === 'number' && told[0] > 0 ? told[0] : undefined;
  const meta = foreignMeta(options, {
    format: 'hdf5',
    path,
    camera: camera.name,
    task: options.task ?? (typeof told[1] === 'string' ? told[1] : basename(path, extname(path))),
    periodMs: options.periodMs ?? period ?? PERIOD_MS,
    axes: limits.axes(numbered('action', action.width)),
    states: state ? numbered(state.name, state.width) : [],
  });
  const rows = spans.map((span) => span.rows);
  const pieces = piecesOf(rows, stepsLimit(meta, options.maxSteps));
  const alone = rows.filter((count) => count < 2).length;
  return {
    meta,
    total: pieces.length,
    notes: [
      ...(options.periodMs === undefined && period === undefined
        ? [`${path} does not tell its period: ${PERIOD_MS} ms is taken, --period-ms tells another`]
        : []),
      ...(alone > 0 ? [`${alone} episodes of a single row have no step and are left out`] : []),
    ],
    async *episodes(from = 0) {
      const { frameEvery } = meta;
      const frame = pictures(camera, frameEvery);
      for (const { episode, from: first, to } of pieces.slice(from)) {
        const { offset } = spans[episode]!;
        yield read(episode, offset + first, offset + to, frame);
      }
    },
    close: () => void file.close(),
  };

  /** The rows `from` to `to`, both included, of the file. */
  function read(episode: number, from: number, to: number, frame: ReturnType<typeof pictures>): Episode {
    const { frameEvery, stateSize } = meta;
    const moments = to - from + 1;
    const bytes = 3 * meta.width * meta.height;
    const frames = new Uint8Array((Math.floor((to - from) / frameEvery) + 1) * bytes);
    for (let i = 0; i < frames.length / bytes; i++) place(frame(from + i * frameEvery), options, frames, i * bytes);
    return {
      actions: Float32Array.from(finite(path, episode, action, from, to)),
      states: state
        ? Float64Array.from(finite(path, episode, state, from, to + 1))
        : new Float64Array(moments * stateSize),
      frames,
    };
  }
}

/** Rows of a column, when they are numbers. */
function finite(path: string, episode: number, column: Column, from: number, to: number): ArrayLike<number> {
  const values = column.read(from, to);
  const at = firstNotFinite(values);
  if (at < 0) return values;
  throw new DamagedDataset(
    `${path}: ${column.name} must be finite, got ${values[at]} in row ${from + Math.floor(at / column.width)} (episode ${episode})`,
  );
}

function spansOf(path: string, columns: ReadonlyMap<string, Column>, used: readonly Column[]): Span[] {
  const lengths = needed(path, columns, 'ep_len');
  const offsets = needed(path, columns, 'ep_offset');
  if (lengths.rows !== offsets.rows || lengths.width * offsets.width !== 1) {
    throw new DamagedDataset(`${path}: ep_len and ep_offset must have a number for every episode each`);
  }
  const [length, offset] = [lengths.read(0, lengths.rows), offsets.read(0, offsets.rows)];
  return Array.from({ length: lengths.rows }, (_, episode) => {
    const span = { offset: offset[episode]!, rows: length[episode]! };
    if (!Number.isInteger(span.offset) || !Number.isInteger(span.rows) || span.offset < 0 || span.rows < 0) {
      throw new DamagedDataset(
        `${path}: episode ${episode} must have a place, got ${span.rows} rows at ${span.offset}`,
      );
    }
    const short = used.find(({ rows }) => span.offset + span.rows > rows);
    if (!short) return span;
    throw new DamagedDataset(
      `${path}: ${short.name} must have ${span.offset + span.rows} rows for episode ${episode}, got ${short.rows}`,
    );
  });
}

function cameraOf(path: string, columns: ReadonlyMap<string, Column>, asked?: string): Column {
  const cameras = [...columns.values()].filter(isPicture).map(({ name }) => name);
  if (asked !== undefined) return columns.get(known('--camera', asked, cameras))!;
  const pixels = needed(path, columns, 'pixels');
  if (isPicture(pixels)) return pixels;
  throw new DamagedDataset(
    `${path}: pixels must be bytes of [rows, height, width, 3], got ${pixels.isByte ? 'bytes' : 'other numbers'} of [${[pixels.rows, ...pixels.shape].join(', ')}]`,
  );
}

/** The column asked for, else the first of the usual ones that is there. */
function stateOf(columns: ReadonlyMap<string, Column>, asked?: string): Column | undefined {
  const names = [...columns.values()].filter((each) => !isPicture(each)).map(({ name }) => name);
  if (asked !== undefined) return columns.get(known('--state', asked, names));
  const name = ['state', 'proprio', 'observation'].find((each) => names.includes(each));
  return name === undefined ? undefined : columns.get(name);
}
