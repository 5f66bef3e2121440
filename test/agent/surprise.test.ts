import { lastValueFrom, of, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { surprise } from '../../src/agent/surprise.ts';
import { realClock } from '../../src/clock.ts';
import type { Context } from '../../src/perception/context.ts';
import { dotImagination } from '../support/dot.ts';

const block = Float32Array.of(1, 0, 1, 0); // half a unit per second to the right, for 100 ms
const measure = (context: Context) =>
  lastValueFrom(of(context).pipe(surprise(dotImagination({ contextLength: 1 }), realClock()), toArray()));

test('what goes as expected does not surprise; what does not, by as much', async () => {
  const went = (x: number): Context => ({
    timeMs: 100,
    latents: [Float32Array.of(0.2, 0.5), Float32Array.of(x, 0.5)],
    blocks: [block],
  });
  const [expected] = await measure(went(0.25));
  expect(expected!.timeMs).toBe(100);
  expect(expected!.distance).toBeCloseTo(0, 6);
  expect((await measure(went(0.65)))[0]!.distance).toBeCloseTo(0.4, 6);
});

test('a context too short to foretell its newest latent expects nothing', async () => {
  expect(await measure({ timeMs: 0, latents: [Float32Array.of(0.2, 0.5)], blocks: [] })).toEqual([]);
  const two = { timeMs: 0, latents: [Float32Array.of(0.2, 0.5), Float32Array.of(0.25, 0.5)], blocks: [block] };
  const longer = of(two).pipe(surprise(dotImagination({ contextLength: 2 }), realClock()), toArray());
  expect(await lastValueFrom(longer)).toEqual([]);
});
