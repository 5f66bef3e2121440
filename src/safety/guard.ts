import { NEVER, Observable, type OperatorFunction } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Action, ActionSpec } from '../drivers/driver.ts';
import { checkSpec, clampAction, limitRate } from './limits.ts';

/** Why an action is what it is. All but the first three are the rest action. */
export type Reason =
  | 'as wished'
  | 'clamped'
  | 'rate-limited'
  | 'not finite'
  | 'wrong length'
  | 'silence'
  | 'stale frame'
  | 'e-stop'
  | 'mind lost'
  | 'end';

/** What leaves for the robot, and why. */
export type Verdict = { readonly timeMs: number; readonly action: Action; readonly reason: Reason };

export type GuardOptions = {
  readonly clock: Clock;
  /** One value for every frame that has come; the first starts the clock. Never stale unless given. */
  readonly frames$?: Observable<unknown> | undefined;
  /** Whether the e-stop is pressed. */
  readonly pressed$?: Observable<boolean> | undefined;
  /** One value whenever the mind is known to be gone. */
  readonly lost$?: Observable<unknown> | undefined;
  /** No action for so long: rest. 200 unless given. */
  readonly silenceMs?: number | undefined;
  /** No frame for so long: rest. 300 unless given. */
  readonly staleMs?: number | undefined;
};

/**
 * The last hand on every action: within the limits, no faster than allowed, finite; rest whenever in doubt. Resting is not
 * rate-limited. What was wished before a rest is forgotten: motion goes on with the next action. The last word is rest.
 */
export function guard(spec: ActionSpec, options: GuardOptions): OperatorFunction<Action, Verdict> {
  checkSpec(spec);
  const { clock, frames$ = NEVER, pressed$ = NEVER, lost$ = NEVER, silenceMs = 200, staleMs = 300 } = options;

  return (actions$) =>
    new Observable<Verdict>((subscriber) => {
      let said = { action: spec.rest, timeMs: clock.now() };
      let before = { ...said, timeMs: said.timeMs - silenceMs }; // what was in force up to when `said` was said
      let pressed = false;
      let stale = false;

      const say = (action: Action, reason: Reason) => {
        const timeMs = clock.now();
        if (timeMs > said.timeMs) before = said;
        said = { action, timeMs };
        subscriber.next({ timeMs, action, reason });
      };
      const rest = (reason: Reason) => {
        silence.stop();
        say(spec.rest, reason);
      };
      const silence = alarm(clock, silenceMs, () => rest('silence'));
      const staleness = alarm(clock, staleMs, () => {
        stale = true;
        rest('stale frame');
      });
      const wish = (action: Action) => {
        if (pressed || stale) return;
        if (action.length !== spec.rest.length) return rest('wrong length');
        if (!action.every(Number.isFinite)) return rest('not finite');
        silence.start();
        const legal = clampAction(action, spec);
        const { action: from, timeMs: sinceMs } = clock.now() > said.timeMs ? said : before;
        const slow = limitRate(legal, from, Math.min(clock.now() - sinceMs, silenceMs), spec);
        say(slow, !same(slow, legal) ? 'rate-limited' : !same(legal, action) ? 'clamped' : 'as wished');
      };
      const end = (finish: () => void) => () => {
        silence.stop();
        staleness.stop();
        rest('end');
        finish();
      };
      const fail = (error: unknown) => end(() => subscriber.error(error))();

      subscriber.add(() => {
        silence.stop();
        staleness.stop();
      });
      const press = (now: boolean) => {
        pressed = now;
        if (pressed) rest('e-stop');
      };
      const seen = () => {
        stale = false;
        staleness.start();
      };
      subscriber.add(pressed$.subscribe({ next: press, error: fail }));
      subscriber.add(lost$.subscribe({ next: () => rest('mind lost'), error: fail }));
      subscriber.add(frames$.subscribe({ next: seen }));
      subscriber.add(actions$.subscribe({ next: wish, error: fail, complete: end(() => subscriber.complete()) }));
    });
}

const same = (a: Action, b: Action) => a.every((value, axis) => value === b[axis]);

/** Goes off `ms` after it was last started. */
function alarm(clock: Clock, ms: number, ring: () => void) {
  let set: { unsubscribe(): void } | undefined;
  const stop = () => {
    set?.unsubscribe();
    set = undefined;
  };
  const start = () => {
    stop();
    if (ms !== Number.POSITIVE_INFINITY) set = clock.schedule(ring, ms);
  };
  return { start, stop };
}
