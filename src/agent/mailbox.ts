import type { Observation } from '../drivers/driver.ts';
import type { Missed } from './wire.ts';

/** One slot: what is put while the last one has not been taken yet replaces what waits. Of the replaced, the actions stay. */
export interface Mailbox {
  put(seen: Observation): void;
  /** The last one sent was taken: the next one may go. */
  taken(): void;
}

export function mailbox(send: (seen: Observation, missed: readonly Missed[]) => void, remembered = 256): Mailbox {
  let waiting: Observation | undefined;
  let missed: Missed[] = [];
  let away = false;

  const post = (seen: Observation) => {
    const actions = missed;
    away = true;
    waiting = undefined;
    missed = [];
    send(seen, actions);
  };
  return {
    put(seen) {
      if (!away) return post(seen);
      if (waiting !== undefined)
        missed = [...missed, { timeMs: waiting.timeMs, action: waiting.action }].slice(-remembered);
      waiting = seen;
    },
    taken() {
      away = false;
      if (waiting !== undefined) post(waiting);
    },
  };
}
