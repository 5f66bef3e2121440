import { Observable } from 'rxjs';
import type { Clock } from './clock.ts';

export type PulseOptions = {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Without an answer for so long, it hangs. */
  readonly hangMs: number;
};

/**
 * Asks a process again and again whether it is there. Each value says for how long the oldest question has had no answer, in
 * ms, and whether that is too long: answers that come, but ever later, are no sign of health. An answer must repeat the count it
 * was asked with: a stuck sender keeps nothing alive.
 */
export const pulse = (
  ask: (count: number) => void,
  answers$: Observable<number>,
  { clock, everyMs, hangMs }: PulseOptions,
): Observable<{ readonly owedMs: number; readonly hangs: boolean }> =>
  new Observable((subscriber) => {
    let answered = 0;
    let owed: number[] = []; // when the questions after that were asked
    let sleptMs = 0;
    const now = () => clock.now() - sleptMs;
    subscriber.add(
      answers$.subscribe((count) => {
        if (count <= answered || count > answered + owed.length) return;
        owed = owed.slice(count - answered);
        answered = count;
        subscriber.next({ owedMs: 0, hangs: false });
      }),
    );
    let dueMs = now();
    subscriber.add(
      clock.schedule(function () {
        const lateMs = now() - dueMs;
        if (lateMs > everyMs) sleptMs += lateMs; // it was us who slept: answers may lie here unheard
        dueMs = now() + everyMs;
        const owedMs = now() - (owed[0] ?? now());
        subscriber.next({ owedMs, hangs: owedMs >= hangMs });
        owed.push(now());
        ask(answered + owed.length);
        this.schedule(undefined, everyMs);
      }),
    );
  });
