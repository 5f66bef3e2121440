import { Observable } from 'rxjs';
import type { Clock } from './clock.ts';

export type PulseOptions = {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Without an answer for so long, it hangs. */
  readonly hangMs: number;
};

/**
 * Asks a process again and again whether it is there. Each value says how long the newest answer has been owed, in ms, and
 * whether that is too long. An answer must repeat the count it was asked with: a stuck sender keeps nothing alive.
 */
export const pulse = (
  ask: (count: number) => void,
  answers$: Observable<number>,
  { clock, everyMs, hangMs }: PulseOptions,
): Observable<{ readonly owedMs: number; readonly hangs: boolean }> =>
  new Observable((subscriber) => {
    let asked = 0;
    let answered = 0;
    let answeredMs = clock.now();
    subscriber.add(
      answers$.subscribe((count) => {
        if (count <= answered || count > asked) return;
        answered = count;
        answeredMs = clock.now();
        subscriber.next({ owedMs: 0, hangs: false });
      }),
    );
    let dueMs = clock.now();
    subscriber.add(
      clock.schedule(function () {
        const nowMs = clock.now();
        if (nowMs - dueMs > everyMs) answeredMs += nowMs - dueMs; // it was us who slept: answers may lie here unheard
        dueMs = nowMs + everyMs;
        const owedMs = nowMs - answeredMs;
        subscriber.next({ owedMs, hangs: owedMs >= hangMs });
        ask(++asked);
        this.schedule(undefined, everyMs);
      }),
    );
  });
