import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetMeta } from '../../src/data/dataset.ts';
import { type Episode, storedFrames } from '../../src/data/episode.ts';
import { seeded } from '../../src/random.ts';

const folders: string[] = [];
process.once('exit', () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

/** New folders that go when the process does. */
export function freshFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-data-'));
  folders.push(dir);
  return dir;
}

/** Every file of a folder with its bytes. */
export const contents = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => [name, readFileSync(join(dir, name)).toString('base64')]),
  );

export const meta: DatasetMeta = {
  format: 'premotor-episodes/1',
  task: 'two-room',
  seed: 1,
  policy: 'explore',
  variations: { collision: 'swept' },
  width: 4,
  height: 3,
  frameEvery: 5,
  actionSize: 2,
  stateSize: 3,
  periodMs: 100,
};

/** Noise in the shape of an episode. */
export function noise(seed: number, length = 1 + (seed % 13), of: DatasetMeta = meta): Episode {
  const random = seeded(seed);
  const bytes = storedFrames(of, length) * of.width * of.height * 3;
  return {
    actions: random.normals(length * of.actionSize),
    states: Float64Array.from({ length: (length + 1) * of.stateSize }, () => random.normal()),
    frames: Uint8Array.from({ length: bytes }, () => random.integer(256)),
  };
}
