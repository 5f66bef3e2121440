import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PremotorError } from '../errors.ts';

/** Replaces a whole folder at once: a reader sees all of the old files or all of the new ones, whatever happens. */
export function replaceFolder(dir: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const [fresh, old] = [`${dir}.new`, `${dir}.old`];
  try {
    recoverFolder(dir);
    if (existsSync(fresh)) rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeDurably(join(fresh, name), content);
    syncFolder(fresh);
    if (existsSync(dir)) renameSync(dir, old);
    renameSync(fresh, dir);
    rmSync(old, { recursive: true, force: true });
    syncFolder(dirname(dir));
  } catch (cause) {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true, force: true });
    recoverFolder(dir);
    throw new PremotorError(`cannot write ${dir}: ${(cause as Error).message}`, {
      cause,
      hint: 'check the free space and the permissions; what was there before is untouched',
    });
  }
}

/** Replaces a file at once: a reader sees the old content or the new one. */
export function replaceFile(path: string, content: Uint8Array | string): void {
  writeDurably(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** Finishes a replacement that was cut off between its two renames. */
export function recoverFolder(dir: string): void {
  const old = `${dir}.old`;
  if (!existsSync(old)) return;
  if (existsSync(dir)) rmSync(old, { recursive: true, force: true });
  else renameSync(old, dir);
}

function writeDurably(path: string, content: Uint8Array | string): void {
  const file = openSync(path, 'w');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(dir: string): void {
  const folder = openSync(dir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
