import { existsSync, readFileSync, rmSync } from 'node:fs';
import { replaceFile } from '../data/atomic.ts';
import { jsonLines } from '../data/json-lines.ts';
import { UsageError } from '../errors.ts';

/** What was found, by what was asked, so that long work that was interrupted goes on where it stopped. */
export interface Notebook<Found> {
  /** What `find` gives, or gave when the same was asked before. */
  of(asked: object, find: () => Promise<Found>): Promise<Found>;
  /** How much was found before this notebook was opened. */
  readonly before: number;
  /** All is done: a question asked again is a new one. */
  close(): void;
}

type Line<Found> = { readonly asked: object; readonly found: Found };

/** A notebook in a file of JSON lines, there while the work is unfinished; without a path one that forgets. */
export function openNotebook<Found>(path?: string): Notebook<Found> {
  const lines: Line<Found>[] = path !== undefined && existsSync(path) ? read(path) : [];
  const known = new Map(lines.map(({ asked, found }) => [JSON.stringify(asked), found]));
  return {
    before: lines.length,
    async of(asked, find) {
      const key = JSON.stringify(asked);
      if (known.has(key)) return known.get(key)!;
      const found = await find();
      known.set(key, found);
      lines.push({ asked, found });
      if (path !== undefined) replaceFile(path, jsonLines(lines));
      return found;
    },
    close: () => path !== undefined && rmSync(path, { force: true }),
  };
}

function read<Found>(path: string): Line<Found>[] {
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Line<Found>);
  } catch (cause) {
    throw new UsageError(`${path} must hold what an interrupted evaluation had found, a JSON object a line`, {
      hint: 'delete it to begin anew',
      cause,
    });
  }
}
