import { defer, filter, Observable, type OperatorFunction, of, switchMap } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Action } from '../drivers/driver.ts';
import type { Imagination } from '../planner/imagination.ts';
import type { Plan } from '../planner/planner.ts';
import type { Wish } from '../safety/gate.ts';

/** What a mind wants done: one action per control period from `timeMs` on, in robot units. None: it has nothing to say. */
export type Motion = { readonly timeMs: number; readonly periodMs: number; readonly actions: readonly Action[] };

/** Nothing to say. */
export const silence: Motion = { timeMs: 0, periodMs: 1, actions: [] };

export type ActOptions = {
  readonly clock: Clock;
  /** How long a motion may be played after it has come: 200 unless given. */
  readonly tailMs?: number | undefined;
  /** A motion that answers what was seen longer ago than this comes too late, and is dropped: never unless given. */
  readonly lateMs?: number | undefined;
};

/**
 * Motions in, wishes out, by the clock. A fresh motion takes over at once; an empty one is told as a wish for nothing. What
 * answers less than was answered before, or claims to answer the future, is no motion.
 */
export const act =
  ({ clock, tailMs = 200, lateMs = Number.POSITIVE_INFINITY }: ActOptions): OperatorFunction<Motion, Wish> =>
  (motions$) =>
    defer(() => {
      let answeredMs = Number.NEGATIVE_INFINITY;
      const fresh = ({ timeMs, actions }: Motion) => {
        if (actions.length === 0) return true;
        const nowMs = clock.now();
        if (!(timeMs >= answeredMs && timeMs <= nowMs && nowMs - timeMs <= lateMs)) return false;
        answeredMs = timeMs;
        return true;
      };
      return motions$.pipe(
        filter(fresh),
        switchMap((motion) => (motion.actions.length === 0 ? of(nothing(clock.now())) : play(motion, clock, tailMs))),
      );
    });

const nothing = (nowMs: number): Wish => ({ action: [], untilMs: nowMs, seenMs: nowMs });

const play = ({ timeMs, periodMs, actions }: Motion, clock: Clock, tailMs: number): Observable<Wish> => {
  const untilMs = Math.min(clock.now() + tailMs, timeMs + actions.length * periodMs);
  return new Observable((subscriber) => {
    let played = -1;
    const wake = clock.schedule(function () {
      const nowMs = clock.now();
      if (nowMs >= untilMs - 1e-6) return subscriber.complete();
      const step = Math.floor((nowMs - timeMs) / periodMs + 1e-6); // the action for this moment, not the next in a queue
      if (step > played) subscriber.next({ action: actions[step]!, untilMs, seenMs: timeMs });
      played = Math.max(step, played);
      this.schedule(undefined, timeMs + (step + 1) * periodMs - nowMs);
    });
    return wake;
  });
};

/** A plan, in robot units. */
export function motion(plan: Plan, imagination: Pick<Imagination, 'shape' | 'denormalise'>): Motion {
  const { actionSize, periodMs } = imagination.shape;
  const step = (i: number) => imagination.denormalise(plan.mean.slice(i * actionSize, (i + 1) * actionSize));
  return {
    timeMs: plan.timeMs,
    periodMs,
    actions: Array.from({ length: plan.mean.length / actionSize }, (_, i) => step(i)),
  };
}
