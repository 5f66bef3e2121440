import { readFileSync } from 'node:fs';
import type { Task } from '../../sim/world.ts';
import { decodePicture } from '../data/image.ts';
import type { Frame } from '../drivers/driver.ts';
import { BadPicture } from '../errors.ts';

/** A goal picture from a file, `size` pixels square. Throws `BadPicture`. */
export function readPicture(path: string, size: number): Frame {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const { code = 'error' } = cause as NodeJS.ErrnoException;
    throw new BadPicture(`the goal picture ${path} cannot be read (${code})`, { cause });
  }
  try {
    return decodePicture(bytes, { width: size, height: size });
  } catch (cause) {
    if (!(cause instanceof BadPicture)) throw cause;
    throw new BadPicture(`${path}: ${cause.message}`, { cause, ...(cause.hint ? { hint: cause.hint } : {}) });
  }
}

/** A goal picture from a file, and the state it shows. */
export function goalPicture(
  task: Task,
  path: string,
  size: number,
): { readonly frame: Frame; readonly state: unknown } {
  const frame = readPicture(path, size);
  const state = task.read?.(frame);
  if (state !== undefined) return { frame, state };
  throw new BadPicture(`the goal picture ${path} shows no place that ${task.name} knows`, {
    hint: 'take one of the camera: the page shows it',
  });
}
