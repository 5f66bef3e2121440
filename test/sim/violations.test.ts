import { describe, expect, it } from 'vitest';
import { tasks } from '../../sim/tasks.ts';
import { auroc, violations } from '../../sim/violations.ts';
import type { Task } from '../../sim/world.ts';
import { openMind } from '../../src/agent/load-mind.ts';
import { shippedCheckpoint } from '../../src/cli/package-root.ts';
import { seeded } from '../../src/random.ts';

it('measures how well numbers are told apart', () => {
  expect(auroc([3, 4], [1, 2])).toBe(1);
  expect(auroc([1, 2], [3, 4])).toBe(0);
  expect(auroc([1, 2], [1, 2])).toBe(0.5);
});

it('finds that a teleport surprises the model that ships, much more than other colours', async () => {
  const mind = await openMind({ checkpoint: shippedCheckpoint('two-room')! });
  const done: number[] = [];
  const found = await violations(tasks['two-room']!, mind.imagination, { episodes: 8, seed: 1 }, (n) => done.push(n));
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(found.auroc.teleport).toBeGreaterThan(0.9);
  expect(await violations(tasks['two-room']!, mind.imagination, { episodes: 8, seed: 1 })).toEqual(found);
  await mind.dispose();
});

describe.each(Object.values(tasks).filter(({ teleport }) => teleport))('a teleport in $name', (task: Task) => {
  it('puts the thing that matters elsewhere, in a world that goes on', async () => {
    await task.prepare?.();
    const world = task.world();
    const before = world.reset(seeded(1));
    const after = task.teleport!(world, before, seeded(2));
    const things = (state: unknown) => JSON.stringify(task.objects!(world, state));
    expect(things(after)).not.toBe(things(before));
    const later = world.step(after, world.actionSpec.rest);
    expect(world.encodeState(later).every(Number.isFinite)).toBe(true);
  });
});
