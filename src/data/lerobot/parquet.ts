import { existsSync } from 'node:fs';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { DamagedDataset } from '../../errors.ts';

/** An open Parquet file. */
export type Parquet = {
  readonly path: string;
  readonly rows: number;
  /** Where its row groups begin, and where the last one ends: what is read from one costs as much as all of it. */
  readonly groups: readonly number[];
  /** Names of its columns. */
  readonly columns: readonly string[];
  /** Mean bytes of a row of a column in the file. */
  rowBytes(column: string): number;
  /** Rows `from` to `to` (excluded) of some columns. */
  read(columns: readonly string[], from: number, to: number): Promise<readonly Record<string, unknown>[]>;
};

/** Opens a Parquet file. Throws `DamagedDataset` when it is missing, damaged or compressed in a way that is not known. */
export async function openParquet(path: string): Promise<Parquet> {
  if (!existsSync(path)) throw new DamagedDataset(`${path} is missing`);
  const library = await import('hyparquet');
  return attempt(path, async () => {
    const file: AsyncBuffer = await library.asyncBufferFromFile(path);
    const metadata: FileMetaData = await library.parquetMetadataAsync(file);
    const columns = library.parquetSchema(metadata).children.map(({ element }) => element.name);
    const rows = Number(metadata.num_rows);
    const groups = [0];
    for (const group of metadata.row_groups) groups.push(groups.at(-1)! + Number(group.num_rows));
    if (groups.at(-1) !== rows) throw new DamagedDataset(`${path} must have ${rows} rows, got ${groups.at(-1)}`);
    return {
      path,
      rows,
      groups,
      columns,
      rowBytes: (column) => {
        const parts = metadata.row_groups.flatMap((group) => group.columns.map((chunk) => chunk.meta_data));
        const bytes = parts.filter((part) => part?.path_in_schema[0] === column);
        return bytes.reduce((sum, part) => sum + Number(part!.total_compressed_size), 0) / Math.max(1, rows);
      },
      read: (names, from, to) => {
        mustHave({ path, columns }, names);
        if (to > rows) throw new DamagedDataset(`${path} must have ${to} rows, got ${rows}`);
        return attempt(path, async () => {
          const options = { file, metadata, columns: [...names], rowStart: from, rowEnd: to, useOffsetIndex: true };
          const read = await library.parquetReadObjects({ ...options, utf8: false });
          if (read.length === to - from) return read;
          throw new DamagedDataset(`${path} must have rows ${from} to ${to - 1}, got ${read.length} of them`);
        });
      },
    };
  });
}

type Row = Record<string, unknown>;

/** Rows of some columns of numbers at random access, best in order: a row group is read once and kept until another is asked for. */
export function rowReader(file: Parquet, columns: readonly string[]): (from: number, to: number) => Promise<Row[]> {
  let [start, end] = [0, 0];
  let kept: readonly Row[] = [];
  mustHave(file, columns);
  return async (from, to) => {
    if (to > file.rows) throw new DamagedDataset(`${file.path} must have ${to} rows, got ${file.rows}`);
    const found: Row[] = [];
    for (let at = from; at < to; at = Math.min(to, end)) {
      if (at < start || at >= end) {
        const next = file.groups.findIndex((bound) => bound > at);
        [start, end] = [file.groups[next - 1]!, file.groups[next]!];
        kept = await file.read(columns, start, end);
      }
      found.push(...kept.slice(at - start, to - start));
    }
    return found;
  };
}

function mustHave({ path, columns }: Pick<Parquet, 'path' | 'columns'>, names: readonly string[]): void {
  const missing = names.find((name) => !columns.includes(name));
  if (missing === undefined) return;
  throw new DamagedDataset(`${path} must have a column ${missing}, got ${columns.join(', ')}`);
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DamagedDataset) throw cause;
    const reason = (cause as Error).message?.split('\n')[0] ?? String(cause);
    throw new DamagedDataset(`${path} is damaged: ${reason}`, { cause });
  }
}
