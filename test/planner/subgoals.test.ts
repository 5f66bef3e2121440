import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { onTheWay, openSubgoals } from '../../src/planner/subgoals.ts';
import { seeded } from '../../src/random.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

describe('the landmark on the way', () => {
  const there = Float32Array.of(1, 3, 4, 9);
  const onward = Float32Array.of(12, 6, 7, 1);

  it('makes the whole way shortest, among those within reach', () => {
    expect(onTheWay(10, there, onward, 5)).toBe(1); // 3 + 6; 9 + 1 is farther, and out of reach
    expect(onTheWay(10, there, onward, 2)).toBeUndefined(); // the one within reach leads away
  });

  it('is none where the goal is within reach', () => {
    expect(onTheWay(5, there, onward, 5)).toBeUndefined();
  });
});

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

it('aims at the goal, or at a remembered latent', async () => {
  const config = { ...tinyConfig({ critic: true }), landmarks: 8 };
  const checkpoint = { config, params: tinyParams(config), hash: '' };
  const [now, goal] = [seeded(5).normals(6), seeded(6).normals(6)];
  const far = (await openSubgoals(engine, checkpoint, 1e9))!;
  expect(await far.aim(now, goal)).toEqual(goal);
  const near = (await openSubgoals(engine, checkpoint, 0.7))!;
  const aimed = await near.aim(now, goal);
  const remembered = Array.from({ length: 8 }, (_, i) => [...checkpoint.params.landmarks!.slice(i * 6, i * 6 + 6)]);
  expect([[...goal], ...remembered]).toContainEqual([...aimed]);
  await Promise.all([far.dispose(), near.dispose()]);
});

it('is not there without a critic, or without memories', async () => {
  const [plain, forgetful] = [{ ...tinyConfig(), landmarks: 8 }, tinyConfig({ critic: true })];
  for (const config of [plain, forgetful])
    expect(await openSubgoals(engine, { config, params: tinyParams(config), hash: '' }, 5)).toBeUndefined();
});
