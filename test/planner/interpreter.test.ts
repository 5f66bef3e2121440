import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { openInterpreter } from '../../src/planner/interpreter.ts';
import { seeded } from '../../src/random.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

const sayings = [
  { thing: 'dot', holds: 'on the left' },
  { thing: 'dot', holds: 'on the right' },
  { thing: 'dot', holds: 'nowhere' },
];
/** Latents of one number that matters: left of 0, right of it; `nowhere` holds of none. */
const config = { ...tinyConfig(), landmarks: 6, lexicon: { name: 'mlp' as const, hidden: 6, sayings } };
const places = [-3, -2, -1, 1, 2, 3];
const landmarks = Float32Array.from({ length: 36 }, (_, i) =>
  i % 6 === 0 ? places[Math.floor(i / 6)]! : i % 6 === 1 ? -places[Math.floor(i / 6)]! : 0,
);
const across = (values: readonly (readonly number[])[]) => Float32Array.from(values.flat());
const params = {
  ...tinyParams(config),
  landmarks,
  // hidden units are the latent's numbers, brought to mean 0 and spread 1: the first tells the side
  'lexicon.in.w': across(
    Array.from({ length: 6 }, (_, row) => Array.from({ length: 6 }, (_, column) => Number(row === column))),
  ),
  'lexicon.in.b': new Float32Array(6),
  'lexicon.norm.g': new Float32Array(6).fill(1),
  'lexicon.norm.b': new Float32Array(6),
  'lexicon.out.w': across([[-20, 20, 0], [20, -20, 0], ...Array.from({ length: 4 }, () => [0, 0, 0])]),
  'lexicon.out.b': Float32Array.of(0, 0, -20),
};
const open = async () => (await openInterpreter(engine, { config, params, hash: '' }))!;
const at = (x: number) => Float32Array.of(x, -x, 0, 0, 0, 0);

describe('an interpreter', () => {
  it('takes words for the nearest remembered moment that they surely hold of', async () => {
    const interpreter = await open();
    const left = await interpreter.understand('to the left', at(3));
    expect(left).toMatchObject({ words: 'the dot is on the left', sure: expect.closeTo(1, 2) });
    expect([...left.latent]).toEqual([...at(-1)]);
    expect([...(await interpreter.understand('left', at(-3.2))).latent]).toEqual([...at(-3)]);
    expect([...(await interpreter.understand('right', at(-3))).latent]).toEqual([...at(1)]);
    await interpreter.dispose();
  });

  it('says what holds', async () => {
    const interpreter = await open();
    expect(await interpreter.say([at(-2), at(0.5)])).toEqual(['the dot is on the left', 'the dot is on the right']);
    expect(await interpreter.say([at(0.5)])).toEqual(['the dot is on the right']);
    await expect(interpreter.say([at(1), at(2), at(3)])).rejects.toThrow('latents must be 2 at most, got 3');
    await interpreter.dispose();
  });

  it('refuses what holds of nothing that is remembered, and what is not understood', async () => {
    const interpreter = await open();
    await expect(interpreter.understand('nowhere', at(0))).rejects.toThrow(
      expect.objectContaining({
        name: 'BadGoal',
        message: expect.stringMatching(
          /^nothing is remembered of which it holds that the dot is nowhere \(0 % at best\)$/,
        ),
      }),
    );
    await expect(interpreter.understand('left and right', at(0))).rejects.toThrow(/nothing is remembered/);
    await expect(interpreter.understand('up', at(0))).rejects.toThrow(expect.objectContaining({ name: 'UsageError' }));
    await interpreter.dispose();
  });

  it('asks the critic how far moments are, where there is one', async () => {
    const withCritic = { ...config, critic: { name: 'mlp' as const, hidden: 8 } };
    const all = { ...tinyParams(withCritic), ...params };
    const interpreter = (await openInterpreter(engine, { config: withCritic, params: all, hash: '' }))!;
    const found = await interpreter.understand('left', seeded(3).normals(6));
    expect(places.slice(0, 3)).toContain(found.latent[0]);
    await interpreter.dispose();
  });

  it('is not there without words, or without memories', async () => {
    const { lexicon: _, ...mute } = config;
    const { landmarks: __, ...forgetful } = config;
    for (const one of [mute, forgetful])
      expect(await openInterpreter(engine, { config: one, params: tinyParams(one), hash: '' })).toBeUndefined();
  });
});
