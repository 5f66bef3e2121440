import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gymSource } from '../../sim/gym-source.ts';
import { realClock } from '../clock.ts';
import { MANIFEST } from '../data/manifest.ts';
import { writeEpisodes } from '../data/write-episodes.ts';
import { openGym } from '../drivers/gym/open-gym.ts';
import { UsageError } from '../errors.ts';
import { duration } from './progress.ts';
import type { Outcome, Terminal } from './verb.ts';

export type CollectGymSettings = {
  /** `HOST:PORT` or `PORT`. */
  readonly gym: string;
  readonly out: string;
  readonly episodes: number;
  readonly seed: number;
  readonly size: number;
  readonly frameEvery: number;
  readonly maxSteps: number;
};

/** Random episodes of a Gymnasium environment; closed ones stay when it dies, and the same command goes on. */
export async function collectGym(settings: CollectGymSettings, terminal: Terminal): Promise<Outcome> {
  const { out, episodes } = settings;
  if (existsSync(join(out, MANIFEST)))
    throw new UsageError(`${out} holds a data set already`, { hint: 'choose another folder with --out' });
  const gym = await openGym({ ...addressOf(settings.gym), clock: realClock() });
  const bar = terminal.progress(`collect ${gym.spec.env}`, 'episodes');
  const beganMs = performance.now();
  try {
    const source = await gymSource(gym, settings);
    const onEpisode = (done: number) => bar.update(done, episodes);
    const { episodes: done, whole } = await writeEpisodes(out, source, { onEpisode, signal: terminal.signal });
    const elapsedMs = performance.now() - beganMs;
    return {
      json: { task: gym.spec.env, dir: whole ? out : `${out}.part`, episodes: done, seconds: elapsedMs / 1000 },
      summary: [
        `${done} of ${episodes} episodes of ${gym.spec.env} in ${whole ? out : `${out}.part`}, after ${duration(elapsedMs)}`,
        ...(whole ? [] : ['run the same command again to go on']),
      ],
      ok: whole,
    };
  } finally {
    bar.done();
    gym.close();
  }
}

/** Throws `UsageError` for what is no address. */
export function addressOf(text: string): { readonly host?: string; readonly port: number } {
  const [, host, digits] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65_535)
    throw new UsageError(`--gym must be HOST:PORT or PORT, got "${text}"`, { hint: 'for instance --gym 7070' });
  return { ...(host && { host }), port };
}
