import { closeSync, fsync, openSync, write } from 'node:fs';
import { PremotorError, UsageError } from '../errors.ts';

/** What a recording is written to. */
export interface RecordingFile {
  /** Gives the number of bytes that were written, which may be fewer. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Makes what was written last. */
  sync(): Promise<void>;
  close(): void;
}

/** A new file: one that exists is never written over. Throws `UsageError` or `PremotorError` when it cannot be made. */
export function newFile(path: string): RecordingFile {
  const file = opened(path);
  return {
    write: (bytes, position) =>
      new Promise((resolve, reject) =>
        write(file, bytes, 0, bytes.length, position, (error, count) => (error ? reject(error) : resolve(count))),
      ),
    sync: () => new Promise((resolve, reject) => fsync(file, (error) => (error ? reject(error) : resolve()))),
    close: () => closeSync(file),
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new UsageError(`${path} exists already`, {
        cause,
        hint: 'choose another name: recordings are not written over',
      });
    }
    throw new PremotorError(`cannot record to ${path}: ${(cause as Error).message}`, {
      cause,
      hint: 'does its folder exist, and is it writable?',
    });
  }
}
