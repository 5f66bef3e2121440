import { realClock } from '../clock.ts';
import type { ActionSpec } from '../drivers/driver.ts';
import { type Agent, type BodyOptions, body } from './body.ts';
import { type KeepMindOptions, keepMind } from './keep-mind.ts';
import { type SpawnMindOptions, spawnMind } from './spawn-mind.ts';

export type RemoteOptions = { readonly mind: SpawnMindOptions } & Omit<BodyOptions, 'clock' | 'lost$'> &
  Omit<KeepMindOptions, 'clock'> &
  Partial<Pick<BodyOptions, 'clock'>>;

/** An agent whose mind is a process of its own, started again when it is lost: whatever happens to it, the robot rests. */
export function remoteAgent(spec: ActionSpec, options: RemoteOptions): Agent {
  const { mind, clock = realClock() } = options;
  const { think, lost$ } = keepMind(() => spawnMind({ ...mind, clock }), { ...options, clock });
  return body(think, spec, { ...options, clock, lost$ });
}
