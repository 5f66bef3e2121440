import { expect, it } from 'vitest';
import { tf } from '../../../src/compute/tf.ts';
import { keepOut } from '../../../src/planner/guardrails/keep-out.ts';

type Place = readonly [x: number, y: number];

/** Latents whose first two numbers are places. */
const params = { 'probe.w': tf.tensor2d([1, 0, 0, 1, 0, 0], [3, 2]), 'probe.b': tf.zeros([2]) as tf.Tensor };
const depths = (from: Place, ...ways: readonly (readonly Place[])[]) => {
  const latents = tf.tensor3d(ways.map((way) => way.map(([x, y]) => [x, y, 9])));
  const now = tf.tensor1d([...from, 9]);
  return [...keepOut([{ x: 0.5, y: 0.5, radius: 0.1 }], 0.02)({ now, latents, params }).dataSync()];
};

it('is nothing for ways that keep out, and the more the deeper and longer one goes in', () => {
  const [past, edge, into, within] = depths(
    [0.1, 0.1],
    [
      [0.1, 0.9],
      [0.9, 0.9],
    ],
    [
      [0.1, 0.61],
      [0.5, 0.61],
    ],
    [
      [0.1, 0.5],
      [0.5, 0.5],
    ],
    [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  );
  expect(past).toBe(0);
  expect(edge).toBeCloseTo(0.01, 5); // within the margin
  expect(into).toBeCloseTo(0.12 + 0.02, 5); // its end, and three quarters of the way there
  expect(within).toBeGreaterThan(3 * into!);
});

it('sees a way that leaps over, the first step from here too', () => {
  expect(depths([0.3, 0.5], [[0.7, 0.5]])[0]).toBeCloseTo(0.12 + 2 * 0.02, 5);
  expect(
    depths(
      [0.3, 0.3],
      [
        [0.3, 0.5],
        [0.7, 0.5],
      ],
    )[0],
  ).toBeCloseTo(0.12 + 2 * 0.02, 5);
  expect(depths([0.1, 0.1], [[0.1, 0.9]])[0]).toBe(0);
});

it('adds discs up, and has a slope that leads out', () => {
  const twice = keepOut(
    [
      { x: 0.5, y: 0.5, radius: 0.1 },
      { x: 0.5, y: 0.5, radius: 0.2 },
    ],
    0,
  );
  const now = tf.tensor1d([0.1, 0.5, 0]);
  const latents = tf.tensor3d([[[0.45, 0.5, 0]]]);
  const depth = (x: tf.Tensor) => twice({ now, latents: x as tf.Tensor3D, params });
  expect(depth(latents).dataSync()[0]).toBeCloseTo(0.05 + 0.15 + 0.0625, 4); // and three quarters of the way there
  const slope = tf
    .grad((x) => tf.sum(depth(x)))(latents)
    .dataSync();
  expect(slope[0]).toBeGreaterThan(0); // further left is further out
});
