import { expect, it } from 'vitest';
import { tf } from '../../../src/compute/tf.ts';
import { keepOut } from '../../../src/planner/guardrails/keep-out.ts';

/** Latents whose first two numbers are places. */
const params = { 'probe.w': tf.tensor2d([1, 0, 0, 1, 0, 0], [3, 2]), 'probe.b': tf.zeros([2]) };
const depth = (...ways: readonly (readonly (readonly [number, number])[])[]) => {
  const latents = tf.tensor3d(ways.map((way) => way.map(([x, y]) => [x, y, 9])));
  return [...keepOut([{ x: 0.5, y: 0.5, radius: 0.1 }], 0.02)(latents, params).dataSync()];
};

it('is nothing for ways that keep out, and how deep for those that do not', () => {
  const [past, edge, into] = depth(
    [
      [0.1, 0.1],
      [0.9, 0.1],
    ],
    [
      [0.5, 0.61],
      [0.5, 0.9],
    ],
    [
      [0.1, 0.5],
      [0.5, 0.5],
    ],
  );
  expect(past).toBe(0);
  expect(edge).toBeCloseTo(0.01, 5); // within the margin
  expect(into).toBeCloseTo(0.12, 5);
});

it('sees a way that leaps over', () => {
  expect(
    depth([
      [0.3, 0.5],
      [0.7, 0.5],
    ])[0],
  ).toBeCloseTo(0.12, 5);
});

it('adds discs up, and has a slope that leads out', () => {
  const twice = keepOut(
    [
      { x: 0.5, y: 0.5, radius: 0.1 },
      { x: 0.5, y: 0.5, radius: 0.2 },
    ],
    0,
  );
  const latents = tf.tensor3d([[[0.45, 0.5, 0]]]);
  expect(twice(latents, params).dataSync()[0]).toBeCloseTo(0.05 + 0.15, 5);
  const slope = tf
    .grad((x) => tf.sum(twice(x as tf.Tensor3D, params)))(latents)
    .dataSync();
  expect(slope[0]).toBeGreaterThan(0); // further left is further out
});
