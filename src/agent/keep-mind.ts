import { defer, finalize, retry, Subject, throwError, timer } from 'rxjs';
import { type Clock, realClock } from '../clock.ts';
import { MindLost } from '../errors.ts';
import type { Mind } from './mind.ts';
import type { SpawnedMind } from './spawn-mind.ts';

export type KeepMindOptions = {
  readonly clock?: Clock | undefined;
  /** Restarts in a minute, at most: 5 unless given. */
  readonly restarts?: number | undefined;
  /** Told of every loss that is followed by a restart. */
  readonly onLost?: ((error: MindLost) => void) | undefined;
};

/** A mind started when it is listened to, again when it is lost once it had been ready, and ended when nobody listens. */
export function keepMind(
  spawn: () => SpawnedMind,
  { clock = realClock(), restarts = 5, onLost }: KeepMindOptions = {},
): Pick<SpawnedMind, 'think' | 'lost$'> {
  const lost$ = new Subject<string>();

  const think: Mind = (observations$) => {
    const lossesMs: number[] = [];
    let ready = false;
    const again = (error: unknown) => {
      const nowMs = clock.now();
      while (lossesMs.length > 0 && lossesMs[0]! < nowMs - 60_000) lossesMs.shift();
      if (!(error instanceof MindLost) || !ready || lossesMs.length >= restarts) return throwError(() => error);
      lossesMs.push(nowMs);
      ready = false;
      onLost?.(error);
      return timer(0, clock);
    };
    return defer(() => {
      const mind = spawn();
      mind.ready.then(
        () => {
          ready = true;
        },
        () => {}, // the stream tells
      );
      const losses = mind.lost$.subscribe((how) => lost$.next(how));
      const end = () => {
        losses.unsubscribe();
        mind.close();
      };
      return observations$.pipe(mind.think, finalize(end));
    }).pipe(retry({ delay: again }));
  };
  return { think, lost$ };
}
