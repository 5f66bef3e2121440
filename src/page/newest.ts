import { asyncScheduler, type SchedulerLike, type Subscription } from 'rxjs';

export interface Newest<T> {
  offer(value: T): void;
  /** Hands on what waits, then nothing any more. */
  close(): void;
}

/**
 * Hands on a value at once, then at most one per `periodMs`: the newest, merged with the one it overtook.
 * Drops, never queues.
 */
export function newest<T>(
  hand: (value: T) => void,
  periodMs: number,
  merge: (older: T, newer: T) => T = (_, newer) => newer,
  scheduler: SchedulerLike = asyncScheduler,
): Newest<T> {
  let waiting: { readonly value: T } | undefined;
  let pause: Subscription | undefined;
  let closed = false;

  const send = (value: T) => {
    waiting = undefined;
    pause = scheduler.schedule(() => {
      pause = undefined;
      if (waiting !== undefined) send(waiting.value);
    }, periodMs);
    hand(value);
  };

  return {
    offer: (value) => {
      if (closed) return;
      if (pause === undefined) send(value);
      else waiting = { value: waiting === undefined ? value : merge(waiting.value, value) };
    },
    close: () => {
      closed = true;
      pause?.unsubscribe();
      if (waiting !== undefined) hand(waiting.value);
      waiting = undefined;
    },
  };
}
