import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, whether run from `src/` or from `dist/`. */
export const packageRoot = find(dirname(fileURLToPath(import.meta.url)));

/** Where the checkpoint that ships for a task is. */
export const shippedCheckpoint = (task: string): string => join(packageRoot, 'checkpoints', task);

function find(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new TypeError('the package folder must hold a package.json, found none');
  return find(parent);
}
