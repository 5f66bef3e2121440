import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

/** Says, while it is there, which process writes to a folder. */
const CLAIM = 'writing.pid';

/**
 * Makes a folder, if there is none, and this process's to write to, until what it gives is called: two would spoil each other's files. A claim of a
 * process that has died is void. Throws `UsageError` where another process has it.
 */
export function claim(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, CLAIM);
  const own = `${process.pid}\n`;
  try {
    writeFileSync(path, own, { flag: 'wx' }); // of two at the same moment one gets it
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = ownerOf(path);
    if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
      throw new UsageError(`another process (${owner}) is writing to ${dir}`, {
        hint: `wait for it, stop it, or choose another folder; if it is none of premotor's, delete ${path}`,
      });
    }
    writeFileSync(path, own);
  }
  return () => rmSync(path, { force: true });
}

function ownerOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
