import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../sim/collect.ts';
import { drawPairs } from '../../sim/pairs.ts';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/reader.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-pairs-'));
let data: Dataset;
beforeAll(async () => {
  const recipe = { policy: 'expert', episodes: 200, seed: 5, size: 16, workers: 0 };
  await collect({ task: twoRoom, dir, ...recipe, frameEvery: 50, variations: { targets: 'other-room' } });
  data = await openDataset(dir);
});
afterAll(() => {
  data.close();
  rmSync(dir, { recursive: true });
});

const names = Object.keys(twoRoom.protocols);
const draw = (name: string, episodes: number, seed: number) =>
  drawPairs(data, twoRoom, twoRoom.protocols[name]!, { episodes, seed });

describe.each(names)('pairs of %s', (name) => {
  const protocol = twoRoom.protocols[name]!;

  it('are moments of one episode, the offset apart', () => {
    for (const { start, goal, episode, step } of draw(name, 50, 1)) {
      expect(protocol.world.encodeState(start)).toEqual([...data.state(episode, step)]);
      expect(protocol.world.encodeState(goal)).toEqual([...data.state(episode, step + protocol.offset)]);
    }
  });

  it('are all different, and fair', () => {
    const pairs = draw(name, 60, 2);
    expect(new Set(pairs.map(({ episode, step }) => `${episode}/${step}`)).size).toBe(60);
    for (const { episode, step } of pairs) {
      const recorded = Array.from({ length: protocol.offset + 1 }, (_, i) =>
        protocol.world.decodeState(data.state(episode, step + i)),
      );
      expect(protocol.eligible(recorded)).toBe(true);
    }
  });

  it('depend on the seed, and on nothing else; fewer are the first of more', () => {
    expect(draw(name, 40, 3)).toEqual(draw(name, 40, 3));
    expect(draw(name, 40, 3)).not.toEqual(draw(name, 40, 4));
    expect(draw(name, 20, 3)).toEqual(draw(name, 40, 3).slice(0, 20));
  });

  it('say so when there are too few', () => {
    expect(() => draw(name, 1e6, 1)).toThrow(
      expect.objectContaining({
        name: 'PremotorError',
        message: expect.stringMatching(`protocol ${name} needs 1000000 pairs, the data set's 200 episodes hold \\d+`),
        hint: expect.stringMatching(/collect more held-out episodes/),
      }),
    );
  });
});

describe('where pairs come from', () => {
  it('clear pairs come from as many episodes as possible', () => {
    const pairs = draw('clear-moderate', 100, 7);
    const perEpisode = new Map<number, number>();
    for (const { episode } of pairs) perEpisode.set(episode, (perEpisode.get(episode) ?? 0) + 1);
    const most = Math.max(...perEpisode.values());
    const all = draw('clear-moderate', 100, 8);
    // Both seeds use every episode that has any before they use one twice.
    expect(new Set(all.map(({ episode }) => episode))).toEqual(new Set(perEpisode.keys()));
    const rounds = new Map<number, number>();
    const order = pairs.map(({ episode }) => {
      rounds.set(episode, (rounds.get(episode) ?? 0) + 1);
      return rounds.get(episode)!;
    });
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.at(-1)).toBe(most);
  });

  it('clear pairs are never solved at the start; historical ones sometimes are', () => {
    const solved = (name: string) =>
      draw(name, 60, 9).filter(({ start, goal }) => twoRoom.protocols[name]!.success([start], goal)).length;
    expect([solved('clear-moderate'), solved('clear-strict')]).toEqual([0, 0]);
    expect(draw('historical', 1000, 9).some(({ start, goal }) => twoRoom.reached(start, goal))).toBe(true);
  });

  it('historical rows are drawn uniformly', () => {
    const steps = draw('historical', 3000, 10).map(({ step }) => step);
    expect(steps).toContain(0);
    expect(Math.max(...steps)).toBeGreaterThan(70);
    expect(Math.max(...steps)).toBeLessThanOrEqual(75);
  });
});
