import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Drive } from '../agent/drive.ts';
import type { Clock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import type { RunSettings } from './commands/run.ts';
import { packageRoot } from './package-root.ts';
import type { stopwatch } from './stopwatch.ts';
import type { Terminal } from './verb.ts';

/** Between two lines of how it goes, ms. */
const STATUS_EVERY_MS = 5000;

/** What people may ask for, by the names of the page's controls. */
export function asks({ interlock: lock }: Drive, say: (line: string) => void, dontArm: () => void) {
  const arm = async (by: string) => {
    const answer = await lock.arm(by);
    if (!answer.done) say(`not armed: ${answer.refused.join('; ')}`);
  };
  return {
    estop: (by: string) => void lock.press(by),
    reset: (by: string) => void lock.reset(lock.state.epoch, by),
    run: (by: string) => void arm(by),
    pause: (by: string) => {
      dontArm();
      lock.disarm(by);
    },
  };
}

type Ending = {
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly durationMs: number;
  readonly times: ReturnType<typeof stopwatch>;
};

/** Says how it goes until a person stops it, time is up, or it is over by itself. */
export function ended(driving: Drive, { clock, terminal, durationMs, times }: Ending): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const status = clock.schedule(function () {
      this.schedule(undefined, STATUS_EVERY_MS);
      const { verdict, robot } = driving;
      terminal.say(`${verdict?.reason ?? 'starting'}; ${times.recentRate()} plans/s; link ${robot.link.state}`);
    }, STATUS_EVERY_MS);
    const timer = durationMs < 2 ** 31 ? clock.schedule(() => end(undefined), durationMs) : undefined;
    const stop = () => end(undefined);
    const end = (error: Error | undefined) => {
      status.unsubscribe();
      timer?.unsubscribe();
      terminal.signal.removeEventListener('abort', stop);
      resolve(error);
    };
    terminal.signal.addEventListener('abort', stop);
    if (terminal.signal.aborted) stop();
    void driving.over.then(end);
  });
}

/** Passes on a line of each kind at most once a second. */
export function seldom(clock: Clock, say: (line: string) => void) {
  const saidMs = new Map<string, number>();
  return (kind: string, what: string) => {
    if (clock.now() - (saidMs.get(kind) ?? Number.NEGATIVE_INFINITY) < 1000) return;
    saidMs.set(kind, clock.now());
    say(`${kind}: ${what}`);
  };
}

/** The model's folder: as given, beside the configuration, or among those that ship. */
export function checkpointOf({ checkpoint, config }: RunSettings, configured: string | undefined): string {
  if (checkpoint !== undefined) return checkpoint;
  if (configured === undefined)
    throw new UsageError('--checkpoint must be given: the configuration names no model', {
      hint: 'or set model.checkpoint',
    });
  const places = [configured, join(dirname(config), configured), join(packageRoot, configured)];
  return places.find((place) => existsSync(place)) ?? configured;
}
