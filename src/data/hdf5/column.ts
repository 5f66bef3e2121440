import { DamagedDataset } from '../../errors.ts';
import { attempt, type H5File } from './open.ts';

/** A dataset of numbers with a row for every step (or every episode). */
export type Column = {
  readonly name: string;
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  /** Numbers in a row. */
  readonly width: number;
  /** Bytes of a number; 1 and unsigned: a picture may be in it. */
  readonly bytes: number;
  readonly isByte: boolean;
  /** Rows that are stored, and perhaps compressed, together; 1 where there are no chunks. */
  readonly chunkRows: number;
  /** Rows `from` to `to` (excluded), one after the other. */
  read(from: number, to: number): ArrayLike<number>;
};

const [INTEGER, FLOAT, ENUM] = [0, 1, 8];
/** Rows longer than this are not what they say, numbers. */
const ROW_LIMIT = 1 << 26;

/** The columns of numbers at the root of a file, by name; what else is there (texts, groups) is left out. */
export function columnsOf(path: string, file: H5File): Map<string, Column> {
  return attempt(path, () => {
    const found = file.keys().flatMap((name) => column(path, file, name) ?? []);
    return new Map(found.map((each) => [each.name, each]));
  });
}

function column(path: string, file: H5File, name: string): Column | undefined {
  const dataset = file.get(name);
  if (!dataset || !('metadata' in dataset) || !('slice' in dataset)) return undefined;
  const { shape, type, size, signed, chunks } = dataset.metadata;
  if (!shape || shape.length === 0 || ![INTEGER, FLOAT, ENUM].includes(type)) return undefined;
  const [rows = 0, ...rest] = shape.map(Number);
  const width = rest.reduce((product, side) => product * side, 1);
  const usual = type === FLOAT ? size === 4 || size === 8 : [1, 2, 4, 8].includes(size);
  if (!usual || !(width >= 1 && width <= ROW_LIMIT) || !Number.isSafeInteger(rows)) return undefined;
  return {
    name,
    rows,
    shape: rest,
    width,
    bytes: size,
    isByte: type === INTEGER && size === 1 && !signed,
    chunkRows: Math.min(Math.max(1, Number(chunks?.[0] ?? 1)), Math.max(1, rows)),
    read: (from, to) => {
      if (from >= to) return [];
      const value = attempt(`${path} (${name})`, () => dataset.slice([[from, to], ...rest.map((): [] => [])]));
      const numbers = numbersOf(value);
      if (numbers?.length === (to - from) * width) return numbers;
      throw new DamagedDataset(`${path} is damaged: rows ${from} to ${to - 1} of ${name} cannot be read`);
    },
  };
}

function numbersOf(value: unknown): ArrayLike<number> | undefined {
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return Array.from(value, Number);
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? (value as Float64Array) : undefined;
}

/** A column that must be there. */
export function needed(path: string, columns: ReadonlyMap<string, Column>, name: string): Column {
  const found = columns.get(name);
  if (found) return found;
  throw new DamagedDataset(
    `${path} must have a dataset of numbers called ${name}, got ${[...columns.keys()].join(', ') || 'none'}`,
    { hint: 'rows of steps, with ep_len and ep_offset, as stable-worldmodel writes them: see docs/data.md' },
  );
}
