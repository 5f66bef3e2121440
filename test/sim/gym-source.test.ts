import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { gymSource } from '../../sim/gym-source.ts';
import { realClock } from '../../src/clock.ts';
import { openDataset } from '../../src/data/reader.ts';
import { recordedLimits } from '../../src/data/recorded.ts';
import { writeEpisodes } from '../../src/data/write-episodes.ts';
import { openGym } from '../../src/drivers/gym/open-gym.ts';
import { LinkLost } from '../../src/errors.ts';
import { hasGymnasium, type Served, serveColumn, servePython } from '../support/gym-server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-gym-'));
  closers.push(() => rmSync(dir, { recursive: true }));
  return join(dir, 'data');
}
const options = { episodes: 4, seed: 3, maxSteps: 15, size: 16, frameEvery: 5 };
async function sourceOf(served: Served, more: Partial<typeof options> = {}) {
  closers.push(served.close);
  const gym = await openGym({ port: served.port, clock: realClock(), timeoutMs: 20_000 });
  closers.push(gym.close);
  return gymSource(gym, { ...options, ...more });
}

const servers: [name: string, serve: () => Promise<Served>][] = [['a column', () => serveColumn()]];
if (hasGymnasium()) servers.push(['Pendulum of Gymnasium', () => servePython('Pendulum-v1')]);

describe.each(servers)('%s as episodes', (_, serve) => {
  it('is a data set of ours: the middle of its pictures, its actions, its states, its limits', async () => {
    const dir = folder();
    expect(await writeEpisodes(dir, await sourceOf(await serve()))).toEqual({ episodes: 4, whole: true });
    const data = await openDataset(dir);
    closers.push(() => data.close());
    expect([data.episodes, data.length(0), data.meta.width, data.meta.frameEvery]).toEqual([4, 15, 16, 5]);
    expect(data.actions(0, 0, 15)).not.toEqual(data.actions(1, 0, 15));
    expect([...data.state(0, 0)]).not.toEqual([...data.state(0, 15)]);
    const { low, high } = recordedLimits(data.meta)!;
    for (const action of data.actions(2, 0, 15)) {
      expect(action).toBeGreaterThanOrEqual(low[0]!);
      expect(action).toBeLessThanOrEqual(high[0]!);
    }
    const frame = new Uint8Array(16 * 16 * 3);
    data.readFrame(0, 10, frame, 0);
    expect(new Set(frame).size).toBeGreaterThan(1);
  });

  it('is played alike with the same seed', async () => {
    const source = await sourceOf(await serve());
    const episodes = async () => {
      const found = [];
      for await (const { actions, states } of source.episodes(2)) found.push({ actions, states });
      return found;
    };
    const [one, another] = [await episodes(), await episodes()];
    expect(one).toHaveLength(2);
    expect(another).toEqual(one);
  });
});

it('ends an episode where the environment does', async () => {
  const source = await sourceOf(await serveColumn(), { maxSteps: 100, episodes: 1 });
  for await (const { actions } of source.episodes()) expect(actions).toHaveLength(20);
});

it('keeps what was closed when the environment dies, and goes on from there', async () => {
  const dir = folder();
  const dying = await sourceOf(await serveColumn(45));
  await expect(writeEpisodes(dir, dying)).rejects.toThrow(LinkLost);
  const kept = await openDataset(`${dir}.part`);
  expect(kept.episodes).toBe(2); // hello, a look, and two of 16 answers
  const first = kept.actions(0, 0, 15);
  kept.close();
  expect(await writeEpisodes(dir, await sourceOf(await serveColumn()))).toEqual({ episodes: 4, whole: true });
  const whole = await openDataset(dir);
  closers.push(() => whole.close());
  expect(whole.actions(0, 0, 15)).toEqual(first);
});
