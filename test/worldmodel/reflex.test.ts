import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { tf } from '../../src/compute/tf.ts';
import type { seeded } from '../../src/random.ts';
import { mlpReflex, reflexLoss } from '../../src/worldmodel/reflex.ts';
import { trainHead } from '../../src/worldmodel/train-head.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

const [batch, latentDim] = [64, 2];

/** What is done at a fork, after having seen that three of four go left (-1) and the others right (1), whatever is wanted. */
async function atTheFork(modes: number) {
  const reflex = mlpReflex({ latentDim, blockSize: 1, hidden: 16, layers: 2, modes });
  const inputs = { from: [batch, latentDim], to: [batch, latentDim], remaining: [batch, 1], block: [batch, 1] };
  const head = { params: reflex.params, inputs, loss: reflexLoss(reflex) };
  const told: number[] = [];
  const learning = { steps: 600, batch, learningRate: 1e-2, seed: 1 };
  const draw = (random: ReturnType<typeof seeded>) => ({
    from: random.normals(batch * latentDim),
    to: random.normals(batch * latentDim),
    remaining: new Float32Array(batch).fill(1),
    block: Float32Array.from({ length: batch }, () => (random.uniform() < 0.75 ? -1 : 1)),
  });
  const weights = await trainHead(engine, 'reflex', head, learning, draw, { onProgress: (_, loss) => told.push(loss) });
  const params = Object.fromEntries(
    Object.entries(weights).map(([name, data]) => [name, tf.tensor(data, [...reflex.params[name]!.shape])]),
  );
  const where = [tf.zeros([1, latentDim]), tf.zeros([1, latentDim]), tf.ones([1, 1])] as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const { blocks, likely } = reflex.ways(params, ...where);
  return {
    told,
    act: reflex.act(params, ...where).dataSync()[0]!,
    ways: [...blocks.dataSync()],
    shares: [...likely.dataSync()].map(Math.exp),
  };
}

it('of one way goes between those that were gone', async () => {
  const { act, ways } = await atTheFork(1);
  expect(act).toBeCloseTo(-0.5, 0);
  expect(ways).toEqual([act]);
});

it('of several ways tells them apart, with how often each was gone, and goes the likeliest', async () => {
  const { act, ways, shares, told } = await atTheFork(2);
  const [left, right] = ways[0]! < ways[1]! ? [0, 1] : [1, 0];
  expect(ways[left]!).toBeCloseTo(-1, 0);
  expect(ways[right]!).toBeCloseTo(1, 0);
  expect(shares[left]!).toBeGreaterThan(0.6);
  expect(shares[left]! + shares[right]!).toBeCloseTo(1, 3);
  expect(act).toBeCloseTo(ways[left]!, 5);
  expect(told.at(-1)!).toBeLessThan(told[0]!);
});
