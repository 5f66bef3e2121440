import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedRecording } from '../errors.ts';
import { INFO } from './lerobot/info.ts';
import { MANIFEST } from './manifest.ts';
import { openToRead } from './open-to-read.ts';

/** What can be read: recordings of a robot, files and folders of other tools, data sets of ours. */
export type Kind = 'recording' | 'hdf5' | 'lerobot' | 'episodes';

/**
 * What a file or folder is, by what is in it, and its path: that of the HDF5 file in a folder with just one. Throws
 * `DamagedRecording` when it is nothing that can be read.
 */
export async function kindOf(path: string): Promise<{ readonly kind: Kind; readonly path: string }> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    if (existsSync(join(path, MANIFEST))) return { kind: 'episodes', path };
    if (existsSync(join(path, INFO))) return { kind: 'lerobot', path };
    const files = readdirSync(path).filter((name) => /\.(h5|hdf5)$/.test(name));
    if (files.length === 1) return { kind: 'hdf5', path: join(path, files[0]!) };
  } else {
    const head = await firstBytes(path);
    if (head.startsWith('\x89HDF\r\n')) return { kind: 'hdf5', path };
    if (head.startsWith('#ROSBAG') || head.startsWith('\x89MCAP0')) return { kind: 'recording', path };
  }
  throw new DamagedRecording(
    `${path} must be a ROS 1 bag or an MCAP file, an HDF5 file, or the folder of a LeRobot or a premotor data set`,
    { hint: 'a ROS 2 recording in SQLite becomes an MCAP file with: ros2 bag convert' },
  );
}

/** The first bytes of a file, as Latin-1. Throws `DamagedRecording`. */
export async function firstBytes(path: string): Promise<string> {
  const file = await openToRead(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } catch (cause) {
    throw new DamagedRecording(`cannot read ${path}: ${(cause as Error).message}`, { cause });
  } finally {
    await file.close();
  }
}
