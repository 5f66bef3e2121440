import { expect, it } from 'vitest';
import { tf } from '../../../src/compute/tf.ts';
import { keepIn } from '../../../src/planner/guardrails/keep-in.ts';

/** Latents whose first two numbers are places. */
const params = { 'probe.w': tf.tensor2d([1, 0, 0, 1, 0, 0], [3, 2]), 'probe.b': tf.zeros([2]) as tf.Tensor };
const now = tf.tensor1d([0.5, 0.5, 9]);
/** How far one step from the middle leads out, with a margin of a tenth. */
const beyond = (x: number, y: number) =>
  keepIn(0.1)({ now, latents: tf.tensor3d([[[x, y, 9]]]), params }).dataSync()[0];

it('is nothing for what stays in the picture, and the more the farther one leaves it', () => {
  expect(beyond(0.9, 0.1)).toBeCloseTo(0, 6);
  expect(beyond(0.95, 0.5)).toBeCloseTo(0.05, 5);
  expect(beyond(0.5, 0.02)).toBeCloseTo(0.08, 5);
  expect(beyond(1.1, -0.1)).toBeCloseTo(2 * (0.2 + 0.05), 5); // and three quarters of the way there
});

it('has a slope that leads back', () => {
  const out = (latents: tf.Tensor) => tf.sum(keepIn(0.1)({ now, latents: latents as tf.Tensor3D, params }));
  const [x, y] = tf
    .grad(out)(tf.tensor3d([[[0.95, 0.5, 9]]]))
    .dataSync();
  expect(x).toBeGreaterThan(0);
  expect(y).toBe(0);
});
