import { connect, map, type Observable, type OperatorFunction, tap } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Action, ActionSpec, Observation } from '../drivers/driver.ts';
import { type GuardOptions, guard, type Verdict } from '../safety/guard.ts';
import { act } from './act.ts';
import type { Mind } from './mind.ts';

/** Observations in, actions out. */
export type Agent = OperatorFunction<Observation, Action>;

export type BodyOptions = Pick<GuardOptions, 'silenceMs' | 'staleMs' | 'pressed$' | 'lost$'> & {
  readonly clock: Clock;
  /** How long a motion may be played after it has come; `silenceMs` unless given. */
  readonly tailMs?: number | undefined;
  readonly onVerdict?: ((verdict: Verdict) => void) | undefined;
};

/** Acts out what a mind wants, within the limits: the part of an agent that owns the robot. */
export function body(mind: Mind, spec: ActionSpec, options: BodyOptions): Agent {
  const { clock, silenceMs = 200, tailMs = silenceMs, onVerdict } = options;
  return connect((observations$: Observable<Observation>) =>
    observations$.pipe(
      mind,
      act({ clock, tailMs }),
      guard(spec, { ...options, silenceMs, frames$: observations$ }),
      tap((verdict) => onVerdict?.(verdict)),
      map(({ action }) => action),
    ),
  );
}
