import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHdf5 } from '../../../src/data/hdf5/open.ts';
import { hdf5Source } from '../../../src/data/hdf5/read.ts';
import { centred, resized } from '../../../src/drivers/ros/resize.ts';
import { freshFolder } from '../folder.ts';
import { action, all, frame, HEIGHT, hdf5Fixtures, LENGTHS, state, WIDTH } from '../foreign-episodes.ts';

const at = (name: string) => join(hdf5Fixtures, name);
const shown = (episode: number, row: number, size: number, crop = false): Uint8Array => {
  const whole = { width: WIDTH, height: HEIGHT, data: frame(episode, row) };
  const to = { width: size, height: size };
  return resized(crop ? centred(whole, to) : whole, to).data;
};

describe.each(['swm.h5', 'blosc.h5'])('an HDF5 file that other tools wrote: %s', (name) => {
  it('gives its episodes', async () => {
    const source = await hdf5Source(at(name), { size: 16 });
    expect(source.meta).toMatchObject({
      task: name.slice(0, -3),
      policy: 'recorded',
      width: 16,
      height: 16,
      frameEvery: 1,
      actionSize: 2,
      stateSize: 3,
      periodMs: 100,
      variations: {
        recordings: [name],
        format: 'hdf5',
        camera: 'pixels',
        axes: [
          { name: 'action0', low: 0, high: 2.25 },
          { name: 'action1', low: -1.75, high: 0 },
        ],
        states: ['state0', 'state1', 'state2'],
      },
    });
    expect(source.notes).toEqual([expect.stringMatching(/does not tell its period: 100 ms/)]);
    const episodes = await all(source);
    expect(episodes.map(({ actions }) => actions.length / 2)).toEqual(LENGTHS.map((rows) => rows - 1));
    for (const [episode, { actions, states, frames }] of episodes.entries()) {
      for (let row = 0; row < LENGTHS[episode]!; row++) {
        if (row + 1 < LENGTHS[episode]!) {
          expect([...actions.subarray(2 * row, 2 * row + 2)]).toEqual(action(episode, row));
        }
        expect([...states.subarray(3 * row, 3 * row + 3)]).toEqual(state(episode, row));
        expect(frames.subarray(row * 768, (row + 1) * 768)).toEqual(shown(episode, row, 16));
      }
    }
    source.close();
  });

  it('cuts them, keeps every second picture, its middle, other numbers as the state', async () => {
    const options = { size: 24, maxSteps: 3, frameEvery: 2, crop: 'centre', state: 'proprio', periodMs: 50, task: 'x' };
    const source = await hdf5Source(at(name), { ...options, crop: 'centre' });
    expect(source.meta).toMatchObject({ task: 'x', periodMs: 50, frameEvery: 2, stateSize: 2 });
    expect([source.total, source.notes]).toEqual([2 + 3 + 1, []]);
    const pieces = await all(source);
    expect(pieces.map(({ actions }) => actions.length / 2)).toEqual([3, 1, 3, 3, 2, 3]);
    // The third piece but one is rows 3 to 6 of the second episode.
    expect([...pieces[3]!.actions]).toEqual([3, 4, 5].flatMap((row) => action(1, row)));
    expect([...pieces[3]!.states]).toEqual([3, 4, 5, 6].flatMap((row) => state(1, row).slice(0, 2)));
    expect(pieces[3]!.frames).toEqual(Uint8Array.from([...shown(1, 3, 24, true), ...shown(1, 5, 24, true)]));
    expect(await all(source, 4)).toEqual(pieces.slice(4));
    source.close();
  });
});

type Part = { readonly data: Float32Array | Float64Array | Uint8Array | Int32Array; readonly shape: number[] };

/** A file of two episodes of two rows, some of its columns others. */
async function written(parts: Readonly<Record<string, Part | undefined>> = {}): Promise<string> {
  const path = join(freshFolder(), 'made.h5');
  const file = await createHdf5(path);
  const usual: Record<string, Part | undefined> = {
    pixels: { data: new Uint8Array(4 * 4 * 4 * 3).fill(7), shape: [4, 4, 4, 3] },
    action: { data: Float32Array.of(1, Number.NaN, 2, Number.NaN), shape: [4] },
    ep_len: { data: Int32Array.of(2, 2), shape: [2] },
    ep_offset: { data: Int32Array.of(0, 2), shape: [2] },
    ...parts,
  };
  for (const [name, part] of Object.entries(usual)) if (part) file.create_dataset({ name, ...part });
  file.close();
  return path;
}

describe('an HDF5 file', () => {
  it('may have no state, actions of one number, grey pictures or channels first', async () => {
    const grey = await hdf5Source(
      await written({ pixels: { data: Uint8Array.from({ length: 64 }, (_, i) => i), shape: [4, 4, 4, 1] } }),
      { size: 4 },
    );
    expect(grey.meta).toMatchObject({ actionSize: 1, stateSize: 1, variations: { states: [] } });
    const [episode] = await all(grey);
    expect(episode!.frames.subarray(3, 6)).toEqual(Uint8Array.of(1, 1, 1));
    expect([...episode!.states]).toEqual([0, 0]);
    const first = await hdf5Source(
      await written({ pixels: { data: Uint8Array.from({ length: 192 }, (_, i) => i), shape: [4, 3, 4, 4] } }),
      { size: 4 },
    );
    expect((await all(first))[0]!.frames.subarray(0, 6)).toEqual(Uint8Array.of(0, 16, 32, 1, 17, 33));
  });

  it.each([
    [
      'without actions',
      { action: undefined },
      /must have a dataset of numbers called action, got ep_len, ep_offset, pixels$/,
    ],
    ['without pictures', { pixels: undefined }, /called pixels, got action, /],
    ['without episodes', { ep_len: undefined }, /called ep_len/],
    [
      'with pictures of floats',
      { pixels: { data: new Float32Array(192), shape: [4, 4, 4, 3] } },
      /pixels must be bytes of \[rows, height, width, 3\], got other numbers of \[4, 4, 4, 3\]/,
    ],
    [
      'with pictures of another shape',
      { pixels: { data: new Uint8Array(64), shape: [4, 16] } },
      /pixels must be bytes of .*, got bytes of \[4, 16\]/,
    ],
    [
      'with too few actions',
      { action: { data: new Float32Array(3), shape: [3] } },
      /action must have 4 rows for episode 1, got 3/,
    ],
    [
      'with an episode nowhere',
      { ep_offset: { data: Int32Array.of(0, -2), shape: [2] } },
      /episode 1 must have a place/,
    ],
    ['with fewer places', { ep_offset: { data: Int32Array.of(0), shape: [1] } }, /a number for every episode each/],
    [
      'with an action that is none',
      { action: { data: Float32Array.of(1, 1, Number.NaN, 1), shape: [4] } },
      /made\.h5: action must be finite, got NaN in row 2 \(episode 1\)/,
    ],
  ])('%s is refused in one line', async (_, parts, message) => {
    const path = await written(parts);
    await expect(hdf5Source(path, { size: 4 })).rejects.toEqual(
      expect.objectContaining({ name: 'DamagedDataset', message: expect.stringMatching(message) }),
    );
  });

  it('with a state that is none is refused where it comes', async () => {
    const path = await written({ state: { data: Float64Array.of(1, 1, 1, Number.POSITIVE_INFINITY), shape: [4] } });
    const source = await hdf5Source(path, { size: 4 });
    await expect(all(source)).rejects.toThrow(/state must be finite, got Infinity in row 3 \(episode 1\)/);
  });

  it('that has no such camera or state says what it has', async () => {
    const path = await written();
    await expect(hdf5Source(path, { size: 4, camera: 'pixel' })).rejects.toThrow(/--camera must be one of pixels, got/);
    await expect(hdf5Source(path, { size: 4, state: 'x' })).rejects.toThrow(/--state must be one of action, ep_len/);
  });

  it('that is none is refused in one line', async () => {
    await expect(hdf5Source('/nowhere.h5', { size: 4 })).rejects.toThrow(
      'cannot read /nowhere.h5: there is no such file',
    );
    const path = join(freshFolder(), 'text.h5');
    writeFileSync(path, 'no more than a text');
    await expect(hdf5Source(path, { size: 4 })).rejects.toThrow(/text\.h5 is damaged: file signature not found$/);
  });
});
