import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { exportOnnx } from '../../src/planner/export-onnx.ts';
import { openImagination } from '../../src/planner/open-imagination.ts';
import { seeded } from '../../src/random.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

const config = tinyConfig({ critic: true, contextLength: 2 });
const checkpoint = { config, params: tinyParams(config), hash: '' };
const options = { samples: 4, horizon: 3, cost: 'auto' };
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

it('writes graphs that a plain ONNX Runtime runs, with the numbers that plans are made with', async () => {
  const graphs = exportOnnx(checkpoint, options);
  const run = async (name: keyof typeof graphs, inputs: Record<string, Float32Array | Uint8Array>) => {
    const session = await ort.InferenceSession.create(graphs[name]!.bytes);
    const given = Object.entries(graphs[name]!.inputs).map(([port, shape]) => {
      const data = inputs[port]!;
      return [port, new ort.Tensor(data instanceof Uint8Array ? 'uint8' : 'float32', data, [...shape])] as const;
    });
    const outputs = await session.run(Object.fromEntries(given));
    return Object.values(outputs)[0]!.data as Float32Array;
  };
  const imagination = await openImagination(engine, checkpoint, options);
  const random = seeded(5);
  const pixels = Uint8Array.from(random.normals(32 * 32 * 3), (value) => 128 + 40 * value);
  const latent = await imagination.see({ width: 32, height: 32, data: pixels });
  expect([...(await run('encoder', { pixels }))]).toEqual([...latent].map((value) => expect.closeTo(value, 5)));

  const [before, goal, block] = [random.normals(6), random.normals(6), random.normals(10)];
  const candidates = random.normals(4 * 3 * 10);
  const context = { timeMs: 0, latents: [before, latent], blocks: [block] };
  const past = { latent0: before, latent1: latent, block0: block, candidates };
  const imagined = await imagination.imagine(context, candidates);
  expect([...(await run('rollout', past))]).toEqual([...imagined].map((value) => expect.closeTo(value, 4)));
  const costs = await imagination.score(context, goal)(candidates);
  expect([...(await run('cost', { ...past, goal }))]).toEqual([...costs].map((value) => expect.closeTo(value, 3)));
  await imagination.dispose();
});

it('says what goes in and comes out', () => {
  const { encoder, rollout, cost } = exportOnnx(checkpoint, options);
  expect(encoder).toMatchObject({ inputs: { pixels: [1, 32, 32, 3] }, outputs: { latent: [1, 6] } });
  expect(rollout.inputs).toEqual({ latent0: [1, 6], latent1: [1, 6], block0: [1, 10], candidates: [4, 3, 10] });
  expect(rollout.outputs).toEqual({ latents: [4, 3, 6] });
  expect(cost.inputs).toEqual({ ...rollout.inputs, goal: [6] });
  expect(cost.outputs).toEqual({ costs: [4] });
});
