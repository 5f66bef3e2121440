import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { decodeSafetensors, type NamedArrays } from '../../src/data/safetensors.ts';
import { openImagination } from '../../src/planner/open-imagination.ts';
import { importLewm } from '../../src/worldmodel/import-lewm.ts';
import { lewmFacts, lewmShapes } from '../../src/worldmodel/lewm.ts';

/** A small LeWM with random weights, and what stable-worldmodel's own modules make of it (test/parity/lewm/make.py). */
const fixture = (name: string) =>
  decodeSafetensors(readFileSync(new URL(`../fixtures/lewm/${name}.safetensors`, import.meta.url)));
const weights = fixture('weights');
const expected = fixture('expected');
const facts = lewmFacts.parse({
  task: 'pusht',
  periodMs: 100,
  action: { mean: [0, 0], std: [1, 1], low: [-9, -9], high: [9, 9] },
  sizes: {
    imageSize: 28,
    width: 32,
    layers: 2,
    heads: 2,
    hidden: 48,
    projector: 40,
    predictorLayers: 2,
    predictorHeads: 2,
    headSize: 24,
    predictorHidden: 40,
  },
});

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

const old = (name: string) =>
  name
    .replace(/^encoder\.layers\.(\d+)\./, 'encoder.encoder.layer.$1.')
    .replace(/attention\.q_proj/, 'attention.attention.query')
    .replace(/attention\.k_proj/, 'attention.attention.key')
    .replace(/attention\.v_proj/, 'attention.attention.value')
    .replace(/attention\.o_proj/, 'attention.output.dense')
    .replace(/^(encoder.*)mlp\.fc1/, '$1intermediate.dense')
    .replace(/^(encoder.*)mlp\.fc2/, '$1output.dense');
const published = (arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`model.${old(name)}`, array]));

describe.each([
  ['new names', weights],
  ['published names, wrapped', published(weights)],
])('LeWM by its %s', (_, arrays) => {
  it('gives the latents, predictions and costs of the original', async () => {
    const checkpoint = { ...importLewm(arrays, facts), hash: '' };
    const [samples, horizon] = expected.candidates!.shape as [number, number];
    const imagination = await openImagination(engine, checkpoint, { samples, horizon, cost: 'last' });
    const pixels = Uint8Array.from(expected.pixels!.data);
    const frame = (n: number) => ({
      width: 28,
      height: 28,
      data: pixels.slice(n * 28 * 28 * 3, (n + 1) * 28 * 28 * 3),
    });
    const [now, goal] = [await imagination.see(frame(0)), await imagination.see(frame(1))];
    close([...now, ...goal], expected.embeddings!.data);
    const context = { timeMs: 0, latents: [now], blocks: [] };
    const candidates = expected.candidates!.data;
    close(await imagination.imagine(context, candidates), expected.rollout!.data);
    close(await imagination.score(context, goal)(candidates), expected.costs!.data);
    await imagination.dispose();
  });
});

/** Within 1e-4 of the largest of them. */
function close(ours: ArrayLike<number>, theirs: Float32Array) {
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(ours.length).toBe(theirs.length);
  const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  expect(worst / largest).toBeLessThan(1e-4);
}

it('knows the 303 tensors of the published size, 18,042,672 numbers', () => {
  const shapes = Object.values(lewmShapes(lewmFacts.parse({ ...facts, sizes: undefined }).sizes, 10));
  expect(shapes.length).toBe(303);
  const count = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect(count).toBe(18_042_672);
});

it('refuses what is missing, unknown, misshapen or no number, all in one line', () => {
  const { 'encoder.layernorm.weight': _, ...rest } = weights;
  const broken = {
    ...rest,
    'decoder.bias': { shape: [2], data: new Float32Array(2) },
    'projector.net.0.bias': { shape: [41], data: new Float32Array(41) },
    'predictor.pos_embedding': { shape: [1, 3, 32], data: new Float32Array(96).fill(Number.NaN) },
  };
  expect(() => importLewm(broken, facts)).toThrow(
    'not the 91 tensors of LeWM: 1 missing (encoder.layernorm.weight); 1 unknown (decoder.bias); ' +
      'projector.net.0.bias must be [40], got [41]; predictor.pos_embedding not finite',
  );
});

it('refuses another depth: a lenient load would leave layers random', () => {
  const deeper = { ...facts, sizes: { ...facts.sizes, layers: 3 } };
  expect(() => importLewm(weights, deeper)).toThrow('16 missing (encoder.encoder.layer.2.layernorm_before.weight, ');
});
