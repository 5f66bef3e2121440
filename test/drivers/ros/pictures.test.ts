import type { Worker } from 'node:worker_threads';
import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, realClock, virtualClock } from '../../../src/clock.ts';
import { toPicture } from '../../../src/drivers/ros/picture.ts';
import {
  type PictureCounts,
  type Pictures,
  type PicturesOptions,
  pictures,
} from '../../../src/drivers/ros/pictures.ts';
import { captured } from './frames.ts';

const message = captured('Image/cbor');
const open: Pictures<unknown>[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function opened(options: Partial<PicturesOptions> = {}) {
  const errors: Error[] = [];
  const heard: (() => void)[] = [];
  const onBad = (error: Error) => {
    errors.push(error);
    for (const hear of heard.splice(0)) hear();
  };
  const made = pictures<number>({ clock: realClock(), onBad, ...options });
  open.push(made as Pictures<unknown>);
  return { ...made, errors, nextBad: () => new Promise<void>((resolve) => heard.push(resolve)) };
}
const waiting = (counts: PictureCounts) => counts.in - counts.used - counts.dropped - counts.bad;

/** One pixel wide and four million high, to be made square: that takes many seconds. */
const endless = {
  width: 1,
  height: 4_000_000,
  encoding: 'mono8',
  is_bigendian: 0,
  step: 1,
  data: new Uint8Array(4_000_000),
};
const square = { size: { width: 2000, height: 2000 } };

describe('pictures', () => {
  it('come out of the worker as the function makes them, with what came along', async () => {
    const options = { size: { width: 3, height: 5 }, crop: 'centre' as const };
    const { offer, frames$, counts } = opened(options);
    const first = firstValueFrom(frames$);
    offer('image', message, 7);
    expect(await first).toEqual({ frame: toPicture('image', message, options), meta: 7 });
    expect(counts()).toEqual({ in: 1, used: 1, dropped: 0, bad: 0 });
  });

  it('may come as base64, and leave the message as it was', async () => {
    const { offer, frames$ } = opened();
    for (const label of ['Image/none', 'Image/cbor']) {
      const before = structuredClone(captured(label));
      const given = captured(label);
      const next = firstValueFrom(frames$);
      offer('image', given, 0);
      expect((await next).frame.data.length).toBe(144);
      expect({ ...given, data: 0 }).toEqual({ ...before, data: 0 });
      expect((given.data as Uint8Array).length).toBe((before.data as Uint8Array).length);
    }
  });

  it('are the newest: all that came while one was in work are dropped but the last', async () => {
    const { offer, frames$, counts } = opened();
    const ready = firstValueFrom(frames$);
    offer('image', message, -1);
    await ready;
    const two = firstValueFrom(frames$.pipe(take(2), toArray()));
    for (let i = 0; i < 50; i++) {
      offer('image', message, i);
      expect(waiting(counts())).toBeLessThanOrEqual(2);
    }
    expect((await two).map(({ meta }) => meta)).toEqual([0, 49]);
    expect(counts()).toEqual({ in: 51, used: 3, dropped: 48, bad: 0 });
  });

  it('that cannot be read are counted and told, and the next one comes', async () => {
    const { offer, frames$, counts, errors, nextBad } = opened();
    const wrong: [unknown, RegExp][] = [
      [{ ...message, encoding: 'yuv422' }, /encoding must be one of/],
      [{ ...message, width: 1e9 }, /width must be/],
      [null, /the picture must be an object, got null/],
      [{ ...message, encoding: () => 1 }, /must be plain data/],
      ['{}', /must be an object/],
    ];
    for (const [each, why] of wrong) {
      const told = nextBad();
      offer('image', each, 0);
      await told;
      expect(errors.at(-1)).toMatchObject({ name: 'BadMessage', message: expect.stringMatching(why) });
    }
    const next = firstValueFrom(frames$);
    offer('image', message, 1);
    expect((await next).meta).toBe(1);
    expect(counts()).toEqual({ in: 6, used: 1, dropped: 0, bad: 5 });
  });

  it('that take too long are given up, with their worker, and the next one comes', async () => {
    // a virtual clock that waits for nobody: the second is over when the test says so
    const time = virtualClock();
    const clock: Clock = { ...time, track: (work) => work };
    const { offer, frames$, counts, errors } = opened({ ...square, clock });
    const ready = firstValueFrom(frames$);
    offer('image', message, 0);
    await ready;
    offer('image', endless, 1);
    offer('image', message, 2);
    await time.advance(999);
    expect(errors).toEqual([]);
    await time.advance(1);
    expect(errors).toEqual([
      expect.objectContaining({ name: 'BadMessage', message: expect.stringMatching(/took longer/) }),
    ]);
    expect((await firstValueFrom(frames$)).meta).toBe(2);
    expect(counts()).toEqual({ in: 3, used: 2, dropped: 0, bad: 1 });
  });

  it('survive the death of their worker, at work or at its start', async () => {
    const workers: Worker[] = [];
    const born = (worker: Worker) => workers.push(worker);
    process.on('worker', born);
    try {
      const { offer, frames$, counts, errors, nextBad } = opened(square);
      for (const atStart of [true, false]) {
        if (!atStart) {
          const ready = firstValueFrom(frames$);
          offer('image', message, 0);
          await ready;
        }
        const told = nextBad();
        offer('image', atStart ? message : endless, 1);
        await new Promise((resolve) => setImmediate(resolve)); // a worker is told of a moment after it began
        expect(workers.length).toBe(atStart ? 1 : 2);
        void workers.at(-1)!.terminate();
        await told;
        expect(errors.at(-1)).toMatchObject({ name: 'BadMessage', message: expect.stringMatching(/ended by itself/) });
        const next = firstValueFrom(frames$);
        offer('image', message, 2);
        expect((await next).meta).toBe(2);
      }
      expect(counts()).toEqual({ in: 5, used: 3, dropped: 0, bad: 2 });
    } finally {
      process.off('worker', born);
    }
  });

  it('take no time of a virtual clock', async () => {
    const time = virtualClock();
    const { offer, frames$, counts } = opened({ clock: time });
    const times: number[] = [];
    frames$.subscribe(() => times.push(time.now()));
    await time.advance(1);
    offer('image', message, 0);
    await time.advance(100_000);
    expect(times).toEqual([1]);
    expect(counts().used).toBe(1);
  });

  it('all add up when closed, and nothing comes after', async () => {
    const { offer, frames$, counts, close } = opened();
    let came = 0;
    let completed = false;
    frames$.subscribe({ next: () => came++, complete: () => (completed = true) });
    for (let i = 0; i < 10; i++) offer('image', message, i);
    close();
    offer('image', message, 10);
    close();
    expect([came, completed, waiting(counts()), counts().in]).toEqual([0, true, 0, 11]);
  });

  it('need a size and a depth that can be', () => {
    expect(() => opened({ size: { width: 0, height: 4 } })).toThrow(RangeError);
    expect(() => opened({ depth: { nearM: 2, farM: 1 } })).toThrow(RangeError);
  });
});
