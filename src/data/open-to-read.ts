import { type FileHandle, open } from 'node:fs/promises';
import { DamagedRecording } from '../errors.ts';

/** A file of somebody's recording. Throws `DamagedRecording` for one that is not there, or not to be read. */
export async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DamagedRecording(
      missing ? `there is no file or folder at ${path}` : `cannot read ${path}: ${(cause as Error).message}`,
      {
        cause,
        ...(missing && { hint: 'premotor run --record FILE and premotor record make recordings' }),
      },
    );
  }
}
