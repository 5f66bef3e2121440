import { expect, it } from 'vitest';
import { findTask, seeded, tasks, vary } from '../../sim/index.ts';

it('is all that the page about the simulator speaks of', async () => {
  const task = findTask('pusht');
  await task.prepare?.();
  const world = task.world({ scale: 40 });
  let state = world.reset(seeded(1));
  state = world.step(state, [0.3, -0.1]);
  expect(world.render(state, 64)).toMatchObject({ width: 64, height: 64 });
  const kept = world.encodeState(state);
  expect(world.encodeState(world.decodeState(kept))).toEqual(kept);
});

it.each(Object.keys(tasks))('%s has all that a task offers', async (name) => {
  const task = findTask(name);
  await task.prepare?.();
  expect(Object.keys(task.policies)).toEqual(expect.arrayContaining(['expert', 'explore']));
  expect(Object.keys(task.protocols)).toEqual(expect.arrayContaining(['historical', 'clear-moderate', 'clear-strict']));
  expect(task.aimed).toBeTypeOf('function');
  expect(task.world().pull).toBeTypeOf('function');
  const { low } = task.world().actionSpec;
  for (const { action } of Object.values(task.keys!)) expect(action).toHaveLength(low.length);
  for (const factor of Object.keys(task.factors!)) {
    const world = vary(task, { [factor]: 'random' }).world();
    const [a, b] = [world.reset(seeded(1)), world.reset(seeded(2))];
    expect(a.draw).not.toBe(b.draw);
    expect(world.render(a, 32).data).toHaveLength(3 * 32 * 32);
  }
});
