import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CollectOptions, collect, type Progress } from '../../sim/collect.ts';
import { findTask } from '../../sim/tasks.ts';
import { openDataset } from '../../src/data/reader.ts';
import { contents, freshFolder } from '../data/folder.ts';

const task = findTask('two-room');
const recipe = { task, episodes: 12, seed: 2, policy: 'explore', size: 32, workers: 0, shardEpisodes: 5 };

async function collected(options: Partial<CollectOptions> = {}) {
  const dir = freshFolder();
  await collect({ ...recipe, dir, ...options });
  return { dir, data: await openDataset(dir) };
}

describe('collection', () => {
  it('makes the same bytes with any number of workers', async () => {
    const [none, one, two] = [await collected(), await collected({ workers: 1 }), await collected({ workers: 2 })];
    expect(contents(one.dir)).toEqual(contents(none.dir));
    expect(contents(two.dir)).toEqual(contents(none.dir));
  });

  it('makes other episodes with another seed, and the same first ones when fewer', async () => {
    const [twelve, five, other] = [await collected(), await collected({ episodes: 5 }), await collected({ seed: 3 })];
    expect(five.data.episodes).toBe(5);
    for (let episode = 0; episode < 5; episode++) {
      expect(five.data.actions(episode, 0, 10)).toEqual(twelve.data.actions(episode, 0, 10));
      expect(other.data.actions(episode, 0, 10)).not.toEqual(twelve.data.actions(episode, 0, 10));
    }
  });

  it.each(['expert', 'explore', 'random'])('%s: recorded actions lead through the recorded states', async (policy) => {
    const { data } = await collected({ policy, variations: { collision: 'swept', speed: 4 }, episodes: 4 });
    const world = task.world({ collision: 'swept', speed: 4 });
    const frame = new Uint8Array(32 * 32 * 3);
    for (let episode = 0; episode < 4; episode++) {
      let state = world.decodeState(data.state(episode, 0));
      for (let step = 0; step < data.length(episode); step++) {
        if (step % 5 === 0) {
          data.readFrame(episode, step, frame, 0);
          expect(frame).toEqual(world.render(state, 32).data);
        }
        const next = world.step(state, [...data.actions(episode, step, step + 1)]);
        // Only the target is the policy's to change.
        expect([...data.state(episode, step + 1)].slice(0, 2)).toEqual(world.encodeState(next).slice(0, 2));
        state = world.decodeState(data.state(episode, step + 1));
      }
    }
  });

  it('plays the expert until it is there, explorers for 100 steps with ever new targets', async () => {
    const { data: expert } = await collected({ policy: 'expert', episodes: 30 });
    const lengths = Array.from({ length: 30 }, (_, episode) => expert.length(episode));
    expect(Math.min(...lengths)).toBeLessThan(60);
    for (const [episode, length] of lengths.entries()) {
      const [x, y, targetX, targetY] = expert.state(episode, length);
      if (length < 100) expect(Math.hypot(x! - targetX!, y! - targetY!)).toBeLessThan(16);
    }
    const { data: explore } = await collected({ episodes: 30 });
    let targets = 0;
    for (let episode = 0; episode < 30; episode++) {
      expect(explore.length(episode)).toBe(100);
      targets += new Set(Array.from({ length: 101 }, (_, step) => explore.state(episode, step)[2])).size;
    }
    expect(targets).toBeGreaterThan(60);
  });

  it('says how far it is', async () => {
    const said: Progress[] = [];
    let time = 0;
    const now = () => 1000 * time++;
    const last = await collect({ ...recipe, dir: freshFolder(), onProgress: (progress) => said.push(progress), now });
    expect(said.map(({ done, total }) => `${done}/${total}`)).toEqual(
      Array.from({ length: 12 }, (_, i) => `${i + 1}/12`),
    );
    expect(said.at(-1)).toMatchObject({ steps: 1200, frames: 12 * 21, elapsedMs: 12_000 });
    expect(last).toMatchObject({ done: 12, steps: 1200, frames: 12 * 21 });
  });

  it.each([0, 2])('stops when asked to, with %i workers, and goes on later to the same bytes', async (workers) => {
    const dir = freshFolder();
    const stop = new AbortController();
    const options = { ...recipe, dir, workers };
    const onProgress = ({ done }: Progress) => {
      if (done === 3) stop.abort();
    };
    const { done } = await collect({ ...options, signal: stop.signal, onProgress });
    expect(done).toBeGreaterThanOrEqual(3);
    expect(done).toBeLessThan(12);
    const data = await openDataset(dir);
    expect(data.episodes).toBe(done);
    data.close();
    expect((await collect(options)).done).toBe(12);
    expect(contents(dir)).toEqual(contents((await collected()).dir));
  });

  it('has nothing to do for what is there', async () => {
    const { dir } = await collected();
    const before = contents(dir);
    expect(await collect({ ...recipe, dir, episodes: 7, workers: 2 })).toMatchObject({ done: 7, steps: 0 });
    expect(contents(dir)).toEqual(before);
  });

  it('refuses before it makes anything', async () => {
    const dir = `${freshFolder()}/new`;
    await expect(collect({ ...recipe, dir, policy: 'exprt' })).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', hint: "did you mean 'expert'?" }),
    );
    await expect(collect({ ...recipe, dir, variations: { sped: 3 } })).rejects.toThrow(/no variation 'sped'/);
    await expect(collect({ ...recipe, dir, episodes: 0 })).rejects.toThrow(RangeError);
    await expect(collect({ ...recipe, dir, size: 3 })).rejects.toThrow(RangeError);
    expect(existsSync(dir)).toBe(false);
  });
});
