import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { worldDriver } from '../../sim/world-driver.ts';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import { run } from '../../src/agent/run.ts';
import { spawnMind } from '../../src/agent/spawn-mind.ts';
import { virtualClock } from '../../src/clock.ts';
import type { Action } from '../../src/drivers/driver.ts';
import { createAgent, loadCheckpoint, seeded } from '../../src/index.ts';
import { blankPlan } from '../../src/planner/planner.ts';
import { loadCheckpoint as readCheckpoint, saveCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import type { ModelConfig } from '../../src/worldmodel/model.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-mind-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A checkpoint that has learned nothing, on disk. */
function untrained(name: string, contextLength = 1, planning: ModelConfig['planning'] = undefined): string {
  const config = { ...tinyConfig({ contextLength }), planning };
  saveCheckpoint(join(dir, name), { config, params: tinyParams(config) }, '# untrained\n');
  return join(dir, name);
}

/** What an agent with that checkpoint does in the first second. */
async function live(checkpoint: string, options: Parameters<typeof loadCheckpoint>[1] = {}): Promise<Action[]> {
  const mind = await loadCheckpoint(checkpoint, { samples: 16, elites: 4, horizon: 2, ...options });
  const clock = virtualClock();
  const world = twoRoom.world();
  const size = mind.imagination.pictureSize!;
  const start = world.reset(seeded(1));
  const goal = { frame: world.render(world.reset(seeded(2)), size) };
  const agent = createAgent({ ...mind, goal, spec: world.actionSpec, clock, random: seeded(3), iterations: 2 });
  const actions: Action[] = [];
  const errors: unknown[] = [];
  const loop = run(worldDriver(world, { start, size, clock }), agent).subscribe({
    next: (action) => actions.push(action),
    error: (error) => errors.push(error),
  });
  await clock.run(1000);
  loop.unsubscribe();
  await mind.dispose();
  expect(errors).toEqual([]);
  return actions;
}

describe('a mind from a checkpoint', () => {
  test.each([1, 3])('sees, thinks and acts, looking back on %i latents; the same each time', async (contextLength) => {
    const checkpoint = untrained(`context-${contextLength}`, contextLength);
    const actions = await live(checkpoint);
    expect(actions.length).toBeGreaterThanOrEqual(10);
    expect(actions.flat().every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(actions.some((action) => action.some((value) => value !== 0))).toBe(true);
    expect(await live(checkpoint)).toEqual(actions);
  });

  test('searches as the checkpoint says, unless told', async () => {
    const plain = untrained('plain');
    const told = await live(plain, { planner: 'predictive' });
    expect(told).not.toEqual(await live(plain));
    const settled = untrained('settled', 1, { planner: 'predictive' });
    expect(await live(settled)).toEqual(told);
    expect(await live(settled, { planner: 'cem' })).toEqual(await live(plain));
    await expect(live(untrained('misled', 1, { planner: 'predictiv' }))).rejects.toThrow(
      /^planner must be one of cem, /,
    );
  });

  test.each([
    [0.09, { steady: 1 }, {}],
    [0.001, { steady: 1, near: 0.001 }, {}],
    [0.09, { steady: 1 }, { maxRate: 9 }], // proposals may have to be changed: they are imagined again
  ])('knows after how many blocks it is within %d of the goal, as %j says, with %j', async (share, planning, more) => {
    const shipped = readCheckpoint('checkpoints/two-room');
    const checkpoint = join(dir, `near-${share}`);
    saveCheckpoint(checkpoint, { ...shipped, config: { ...shipped.config, planning } }, '# as it ships\n');
    const { imagination, warmStart, dispose } = await loadCheckpoint(checkpoint, more);
    const { shape, nominalSurprise } = imagination;
    const world = twoRoom.world();
    const picture = (seed: number) => world.render(world.reset(seeded(seed)), imagination.pictureSize!);
    const [here, elsewhere] = [await imagination.see(picture(1)), await imagination.see(picture(2))];
    const blocks = Array.from({ length: imagination.contextLength - 1 }, () => new Float32Array(shape.frameskip * 2));
    const context = { timeMs: 0, latents: Array.from({ length: imagination.contextLength }, () => here), blocks };
    const mean = new Float32Array(shape.horizon * shape.frameskip * 2).fill(0.5);
    const plan = { ...blankPlan(shape, 0), mean };
    const moments = await imagination.imagine(context, mean);
    const third = moments.slice(2 * here.length, 3 * here.length);
    const near = Array.from(
      { length: shape.horizon },
      (_, h) =>
        imagination.distance(moments.subarray(h * here.length, (h + 1) * here.length), third) <=
        share * nominalSurprise!,
    );
    const there = await warmStart!(context, third, plan);
    expect(there.plan.mean).toEqual(mean);
    expect(there.arrival).toBe(1 + near.indexOf(true));
    expect(near.indexOf(true)).toBeGreaterThan(0); // it is not there yet after one
    expect((await warmStart!(context, elsewhere, plan)).arrival).toBe(undefined);
    await dispose();
  });

  test('may be played faster than it was trained', async () => {
    const { imagination, dispose } = await loadCheckpoint(untrained('fast'), { periodMs: 40 });
    expect(imagination.shape.periodMs).toBe(40);
    await dispose();
  });

  test('that is damaged: the body is told in one line', async () => {
    const checkpoint = untrained('damaged');
    truncateSync(join(checkpoint, 'model.safetensors'), 100);
    const goal = { latent: new Float32Array(6) };
    const error = await spawnMind({ load: { checkpoint }, goal }).ready.catch((error) => error);
    expect(error.message).toMatch(/model\.safetensors does not match its checksum/);
    expect(error.message).not.toMatch(/\n/);
  });
});

test('the example of a planner and a robot of its own drives to where it shall', () => {
  const example = fileURLToPath(new URL('../../examples/extend.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', example], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const [, before, nearest] = stdout.match(/^from ([\d.]+) to ([\d.]+) sides of the picture/)!;
  expect(Number(nearest)).toBeLessThan(Number(before) / 4);
});

test('the example reaches its goal in the other room with the shipped model', () => {
  const example = fileURLToPath(new URL('../../examples/embed.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', example], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^reached the goal after \d+ steps/);
});
