import { from, lastValueFrom, Subject, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type PerceiveOptions, perceive } from '../../src/agent/perceive.ts';
import { realClock } from '../../src/clock.ts';
import type { Observation } from '../../src/drivers/driver.ts';
import type { BadPicture } from '../../src/errors.ts';
import type { Context } from '../../src/perception/context.ts';
import type { Imagination } from '../../src/planner/imagination.ts';
import { dotFrame, dotImagination } from '../support/dot.ts';

/** What is seen at a time, after doing `vx`: the time itself, as 255 * x. */
const at = (timeMs: number, vx = 0): Observation => ({
  timeMs,
  action: [vx, 0],
  frames: { camera: dotFrame([timeMs / 1000, 0]) },
});
const blind = (timeMs: number, vx: number): Observation => ({ timeMs, action: [vx, 0], frames: {} });
const placeOf = (timeMs: number) => Math.round((timeMs / 1000) * 255) / 255;
const places = ({ latents }: Context) => latents.map(([x]) => x!);

/** Contexts of observations that come one by one, each encoded before the next. Blocks are two steps of 50 ms. */
async function contexts(
  seen: readonly Observation[],
  options: Partial<PerceiveOptions> = {},
  overrides: Partial<Imagination> = {},
) {
  const observations$ = new Subject<Observation>();
  const all = lastValueFrom(
    observations$.pipe(perceive(dotImagination(overrides), { clock: realClock(), ...options }), toArray()),
  );
  all.catch(() => {}); // looked at when everything is seen
  for (const one of seen) {
    observations$.next(one);
    await new Promise((resolve) => setImmediate(resolve));
  }
  observations$.complete();
  return all;
}

const close = (values: readonly number[], wanted: readonly number[]) => {
  expect(values).toHaveLength(wanted.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(wanted[i]!, 6);
};

describe('perceive', () => {
  test('gives a context for every frame; it looks back in blocks as far as there is a past', async () => {
    const all = await contexts([0, 50, 100, 150, 200, 250].map((timeMs) => at(timeMs)));
    expect(all.map(({ timeMs }) => timeMs)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(all.map(({ latents }) => latents.length)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(all.every(({ latents, blocks }) => blocks.length === latents.length - 1)).toBe(true);
    close(places(all[5]!), [placeOf(50), placeOf(150), placeOf(250)]);
  });

  test('blocks are the actions really in force between the latents, normalised', async () => {
    const all = await contexts([at(0), at(50, 0.1), at(100, 0.2), at(150, 0.3), at(200, 0.4)]);
    close([...all[4]!.blocks[0]!], [0.2, 0, 0.4, 0]);
    close([...all[4]!.blocks[1]!], [0.6, 0, 0.8, 0]);
  });

  test('looks at what the model makes one picture of, where it sees more than one camera', async () => {
    const view: Imagination['view'] = ({ frames, proprio }) =>
      frames.wrist && proprio ? dotFrame([proprio[0]!, frames.wrist.data[0]! / 255]) : undefined;
    const seen = (timeMs: number, more: Partial<Observation>) => ({ ...at(timeMs), ...more });
    const frames = { camera: dotFrame([0, 0]), wrist: dotFrame([0.4, 0]) };
    const all = await contexts(
      [seen(0, {}), seen(50, { frames }), seen(100, { frames, proprio: [0.8] })],
      {},
      { view },
    );
    expect(all.map(({ timeMs }) => timeMs)).toEqual([100]);
    close([...all[0]!.latents.at(-1)!].slice(0, 2), [0.8, 0.4]);
  });

  test('a latent that is missing shortens the context; half a period off still counts', async () => {
    const missing = await contexts([at(0), at(100), at(300)]);
    expect(missing.at(-1)!.latents).toHaveLength(1);
    const jitter = await contexts([at(0), at(90), at(215)]);
    close(places(jitter.at(-1)!), [placeOf(0), placeOf(90), placeOf(215)]);
  });

  test('an observation without frames tells its action only', async () => {
    const all = await contexts([at(0), blind(50, 0.5), at(100, 0.25)]);
    expect(all).toHaveLength(2);
    close([...all[1]!.blocks[0]!], [1, 0, 0.5, 0]);
  });

  test('while it encodes, only the newest frame waits', async () => {
    const encoding: (() => void)[] = [];
    const see: Imagination['see'] = ({ data }) =>
      new Promise((resolve) => encoding.push(() => resolve(Float32Array.of(data[0]!, 0))));
    const seen: number[] = [];
    from([0, 50, 100, 150].map((timeMs) => at(timeMs)))
      .pipe(perceive(dotImagination({ see }), { clock: realClock() }))
      .subscribe(({ timeMs }) => seen.push(timeMs));
    for (let i = 0; i < 4; i++) {
      encoding.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen).toEqual([0, 150]);
  });

  test('frames older than the last, and frames that are no pictures of the right size, are skipped', async () => {
    const rejected: BadPicture[] = [];
    const bad = { ...at(150), frames: { camera: { width: 1, height: 1, data: new Uint8Array(2) } } };
    const large = { ...at(200), frames: { camera: { width: 2, height: 2, data: new Uint8Array(12) } } };
    const all = await contexts([at(100), at(50), bad, large, at(250)], { onReject: (error) => rejected.push(error) });
    expect(all.map(({ timeMs }) => timeMs)).toEqual([100, 250]);
    expect(rejected.map(({ message }) => message)).toEqual([
      'the camera frame must have 1 x 1 x 3 bytes, got 2',
      'the camera frame must be 1 x 1 pixels, got 2 x 2',
    ]);
  });

  test('an encoder that fails is an error of the stream', async () => {
    const see = () => Promise.reject(new Error('engine lost'));
    await expect(contexts([at(0)], {}, { see })).rejects.toThrow('engine lost');
  });

  test('sees through the camera that is asked for', async () => {
    const two = { ...at(0), frames: { left: dotFrame([1, 0]), right: dotFrame([0, 1]) } };
    const [context] = await contexts([two], { camera: 'right' });
    expect([...context!.latents[0]!]).toEqual([0, 1]);
    expect(await contexts([two], { camera: 'rear' })).toEqual([]);
  });
});
