import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { SafetyLog } from './safety-log.ts';

export type InterlockState = {
  readonly armed: boolean;
  readonly pressed: boolean;
  /** Counts presses: a reset must name the newest one. */
  readonly epoch: number;
};

/** Looks whether one thing is as it must be before motion is allowed; says what is wrong, if anything. */
export type Check = { readonly name: string; readonly look: () => string | undefined | Promise<string | undefined> };

/** What came of a request; `refused` says why not. */
export type Answer = { readonly done: true } | { readonly done: false; readonly refused: readonly string[] };

/**
 * Whether the robot may move at all. It boots disarmed; only `arm` allows motion, after all checks; the e-stop is a latch that
 * disarms, opened by a `reset` that names the newest press. Whatever races with a press, the press wins.
 */
export interface Interlock {
  readonly state: InterlockState;
  /** Now, and on every change. */
  readonly state$: Observable<InterlockState>;
  /** Always taken, at once. `by`: who or what asks, for the log. */
  press(by: string): InterlockState;
  reset(epoch: number, by: string): Answer;
  arm(by: string): Promise<Answer>;
  disarm(by: string, why?: string): void;
}

export type InterlockOptions = {
  readonly clock: Clock;
  readonly checks?: readonly Check[] | undefined;
  readonly log?: SafetyLog | undefined;
  /** A check that has not answered after so long has failed: 1000 ms unless given. */
  readonly checkMs?: number | undefined;
};

export function interlock({ clock, checks = [], log, checkMs = 1000 }: InterlockOptions): Interlock {
  const state$ = new BehaviorSubject<InterlockState>({ armed: false, pressed: false, epoch: 0 });
  let requests = 0; // a later word overtakes an arming that is still being checked

  const refuse = (what: string, by: string, ...refused: string[]): Answer => {
    log?.add({ kind: `${what} refused`, by, why: refused.join('; ') });
    return { done: false, refused };
  };
  const become = (news: Partial<InterlockState>) => {
    requests++;
    state$.next({ ...state$.value, ...news });
  };
  const examine = async ({ name, look }: Check): Promise<string | undefined> => {
    try {
      const wrong = await within(clock, checkMs, look());
      return wrong === undefined ? undefined : `${name}: ${wrong}`;
    } catch (error) {
      return `${name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  return {
    get state() {
      return state$.value;
    },
    state$: state$.pipe(distinctUntilChanged()),
    press(by) {
      become({ pressed: true, armed: false, epoch: state$.value.epoch + 1 });
      log?.add({ kind: 'e-stop pressed', by, epoch: state$.value.epoch });
      return state$.value;
    },
    reset(epoch, by) {
      const { pressed, epoch: newest } = state$.value;
      if (epoch !== newest) return refuse('reset', by, `it names press ${epoch}, the newest is ${newest}`);
      if (pressed) {
        become({ pressed: false });
        log?.add({ kind: 'e-stop reset', by, epoch });
      }
      return { done: true };
    },
    async arm(by) {
      if (state$.value.pressed) return refuse('arm', by, 'the e-stop is pressed: reset it first');
      if (state$.value.armed) return { done: true };
      const request = ++requests;
      const found = await Promise.all(checks.map(examine));
      const wrong = found.filter((line) => line !== undefined);
      if (wrong.length > 0) return refuse('arm', by, ...wrong);
      if (request !== requests) return refuse('arm', by, 'something else was asked for meanwhile');
      become({ armed: true });
      log?.add({ kind: 'armed', by });
      return { done: true };
    },
    disarm(by, why) {
      if (!state$.value.armed) {
        requests++;
        return;
      }
      become({ armed: false });
      log?.add({ kind: 'disarmed', by, ...(why === undefined ? {} : { why }) });
    },
  };
}

const within = <T>(clock: Clock, ms: number, answer: T | Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = clock.schedule(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => late.unsubscribe());
  });
