import { expect, it } from 'vitest';
import type { Tensors } from '../../../src/compute/engine.ts';
import { openEngine } from '../../../src/compute/open-engine.ts';
import { tf } from '../../../src/compute/tf.ts';
import { temporalDistance } from '../../../src/planner/costs/temporal-distance.ts';
import type { Critic } from '../../../src/worldmodel/critic.ts';

/** Latents are places on a line, a block apart. */
const critic: Critic = {
  params: {},
  distance: (_, from, to) => tf.reshape(tf.abs(tf.sub(from, to)), [from.shape[0]]) as tf.Tensor1D,
};

/** Costs of futures of three blocks towards 0, and their slopes along the places. */
async function judged(over: 'sum' | 'arrival', places: readonly (readonly number[])[]) {
  const cost = temporalDistance(critic, over);
  const costsOf = (latents: tf.Tensor) =>
    cost({
      now: tf.zeros([1]),
      latents: latents as tf.Tensor3D,
      blocks: tf.zeros([places.length, 3, 1]),
      goal: tf.zeros([1]),
      params: {},
    });
  const fn = ({ latents }: Tensors) => ({
    costs: costsOf(latents!),
    slopes: tf.grad((at) => tf.sum(costsOf(at)) as tf.Scalar)(latents!),
  });
  const engine = await openEngine({ engine: 'onnx', threads: 1 });
  const program = await engine.compile(fn, { latents: [places.length, 3, 1] });
  const { costs, slopes } = await program.run({ latents: Float32Array.from(places.flat()) });
  await program.dispose();
  await engine.dispose();
  return { costs: [...costs!].map((value) => Number(value.toFixed(4))), slopes: [...slopes!] };
}

it('summed, waits beside the goal rather than going round; by arrival, goes round, and soon', async () => {
  const [beside, round, later] = [
    [2, 2, 2],
    [4, 3, 0],
    [4, 0, 0],
  ];
  const { costs } = await judged('sum', [beside!, round!]);
  expect(costs).toEqual([6, 7]);
  const { costs: arrivals } = await judged('arrival', [beside!, round!, later!]);
  expect(arrivals).toEqual([2, 0.6, 0.3]);
});

it('has slopes: of every moment summed, of the arrival alone', async () => {
  expect((await judged('sum', [[4, 3, 1]])).slopes).toEqual([1, 1, 1]);
  expect((await judged('arrival', [[4, 3, 1]])).slopes).toEqual([0, 0, 1]);
});
