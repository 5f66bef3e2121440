import type { Clock } from '../../src/clock.ts';

/** `waiting` for a first command, `fed`, or `expired`: none came for too long. */
export type WatchdogState = 'waiting' | 'fed' | 'expired';

export interface Watchdog {
  readonly state: WatchdogState;
  feed(): void;
  close(): void;
}

/** Calls `expire` when it was fed and then not again for `timeoutMs`. */
export function watchdog(timeoutMs: number, clock: Clock, expire: () => void): Watchdog {
  let state: WatchdogState = 'waiting';
  let timer: { unsubscribe(): void } | undefined;
  return {
    get state() {
      return state;
    },
    feed: () => {
      timer?.unsubscribe();
      state = 'fed';
      timer = clock.schedule(() => {
        state = 'expired';
        expire();
      }, timeoutMs);
    },
    close: () => timer?.unsubscribe(),
  };
}
