import { fileURLToPath } from 'node:url';
import type { Episode } from '../../src/data/episode.ts';
import type { Source } from '../../src/data/source.ts';

/** What `test/parity/formats/episodes.py` told the tools that wrote the fixtures. */
export const [WIDTH, HEIGHT, FPS] = [32, 24, 10];
export const LENGTHS = [5, 9, 4];

export const hdf5Fixtures = fileURLToPath(new URL('../fixtures/hdf5/', import.meta.url));
export const lerobotFixtures = fileURLToPath(new URL('../fixtures/lerobot/', import.meta.url));

export const action = (episode: number, row: number): number[] => [episode + row / 8, 0 - row / 4];
export const state = (episode: number, row: number): number[] => [episode, row, row / 16];

/** RGB rows. */
export function frame(episode: number, row: number): Uint8Array {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) data.set([8 * x, 10 * y, 28 * row + 8 * episode], 3 * (y * WIDTH + x));
  }
  return data;
}

export async function all(source: Source, from = 0): Promise<Episode[]> {
  const episodes: Episode[] = [];
  for await (const episode of source.episodes(from)) episodes.push(episode);
  return episodes;
}
