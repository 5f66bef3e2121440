import { connect, defer, filter, map, type OperatorFunction, tap } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Action, ActionSpec, Observation } from '../drivers/driver.ts';
import { type FrameWatch, type FrameWatchOptions, frameWatch } from '../safety/frame-watch.ts';
import type { Verdict } from '../safety/gate.ts';
import { type GuardOptions, guard } from '../safety/guard.ts';
import { act, type Motion } from './act.ts';
import type { Mind } from './mind.ts';

/** Observations in, actions out. */
export type Agent = OperatorFunction<Observation, Action>;

export type BodyOptions = Omit<GuardOptions, 'clock' | 'seen$'> &
  Pick<FrameWatchOptions, 'staleMs' | 'identicalMs'> & {
    readonly clock: Clock;
    /** How long a motion may be played after it has come; `silenceMs` unless given. */
    readonly tailMs?: number | undefined;
    /** A motion that answers a frame older than this is dropped: never unless given. */
    readonly lateMs?: number | undefined;
    /** Told of what goes to the mind, and of what comes from it. */
    readonly onSeen?: ((observation: Observation) => void) | undefined;
    readonly onMotion?: ((motion: Motion) => void) | undefined;
    readonly onVerdict?: ((verdict: Verdict) => void) | undefined;
    /** Told of observations that are kept from the mind, and why. */
    readonly onReject?:
      | ((why: NonNullable<ReturnType<FrameWatch['see']>>, observation: Observation) => void)
      | undefined;
  };

/**
 * Acts out what a mind wants, within the limits: the part of an agent that owns the robot. Frames that are not to be believed
 * do not reach the mind. `identicalMs` is never unless given: a simulated camera without noise shows the same at rest.
 */
export function body(mind: Mind, spec: ActionSpec, options: BodyOptions): Agent {
  const { clock, silenceMs = 200, tailMs = silenceMs, lateMs, onSeen, onMotion, onVerdict, onReject } = options;
  const { staleMs, identicalMs = Number.POSITIVE_INFINITY } = options;
  guard(spec, options); // a spec that cannot be kept is a mistake at once

  return (observations$) =>
    defer(() => {
      const watch = options.watch ?? frameWatch({ staleMs, identicalMs });
      const believed = (observation: Observation) => {
        const why = watch.see(observation, clock.now());
        if (why !== undefined) onReject?.(why, observation);
        return why === undefined;
      };
      return observations$.pipe(
        filter(believed),
        tap((observation) => onSeen?.(observation)),
        connect((seen$) =>
          seen$.pipe(
            mind,
            tap((motion) => onMotion?.(motion)),
            act({ clock, tailMs, lateMs }),
            guard(spec, { ...options, seen$, watch }),
          ),
        ),
        tap((verdict) => onVerdict?.(verdict)),
        map(({ action }) => action),
      );
    });
}
