import type { Clock } from '../../src/clock.ts';

export type OutletOptions<T> = {
  readonly clock: Clock;
  /** Hands a message on; `done` is called when it has left. */
  readonly send: (message: T, done: () => void) => void;
  /** Is there no room for another one now? */
  readonly full: () => boolean;
  /** With a queue: is the last message waited for before the next one goes? */
  readonly patient: boolean;
};

export type Pace = { readonly throttleMs: number; readonly queueLength: number };

/** Where the messages of one subscription leave: no faster than asked for, and the oldest dropped when they must wait. */
export interface Outlet<T> {
  pace(pace: Pace): void;
  offer(message: T): void;
  /** Messages left out for newer ones, or for want of room. */
  readonly dropped: number;
  close(): void;
}

/** Closer than this is now, ms. */
const NOW = 1e-6;

export function outlet<T>({ clock, send, full, patient }: OutletOptions<T>): Outlet<T> {
  let pace: Pace = { throttleMs: 0, queueLength: 0 };
  let lastMs = -Infinity;
  let waiting: T[] = [];
  let busy = false;
  let closed = false;
  let dropped = 0;
  let timer: { unsubscribe(): void } | undefined;

  const remainingMs = () => lastMs + pace.throttleMs - clock.now();
  const go = (message: T, done: () => void) => {
    lastMs = clock.now();
    send(message, done);
  };
  const shorten = () => {
    while (waiting.length > pace.queueLength) {
      waiting.shift();
      dropped++;
    }
  };
  const pump = () => {
    timer?.unsubscribe();
    timer = undefined;
    while (!closed && !busy && waiting.length > 0) {
      const ms = remainingMs();
      if (ms > NOW) {
        timer = clock.schedule(pump, ms);
        return;
      }
      busy = patient;
      go(waiting.shift()!, () => {
        if (!patient) return;
        busy = false;
        pump();
      });
    }
  };

  return {
    pace: (next) => {
      pace = next;
      if (pace.queueLength > 0) shorten();
      else waiting = [];
      pump();
    },
    offer: (message) => {
      if (closed) return;
      if (pace.queueLength > 0) {
        waiting.push(message);
        shorten();
        pump();
      } else if (remainingMs() <= NOW) {
        if (full()) dropped++;
        else go(message, () => {});
      }
    },
    get dropped() {
      return dropped;
    },
    close: () => {
      closed = true;
      waiting = [];
      timer?.unsubscribe();
    },
  };
}
