import { NEVER, Observable, type OperatorFunction } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { ActionSpec, Observation } from '../drivers/driver.ts';
import { type FrameWatch, frameWatch } from './frame-watch.ts';
import { type GateEvent, gate, type Hold, type Verdict, type Wish } from './gate.ts';
import type { Interlock } from './interlock.ts';
import type { RestReason } from './reasons.ts';

export type GuardOptions = {
  readonly clock: Clock;
  /** What is seen, every observation that counts; the robot rests until one has come. Nothing is looked at unless given. */
  readonly seen$?: Observable<Observation> | undefined;
  /** Looks at what is seen; shared with whoever filters `seen$`. */
  readonly watch?: FrameWatch | undefined;
  /** E-stop and arming; without one the robot may always move. */
  readonly interlock?: Interlock | undefined;
  /** What else keeps the robot at rest, for as long as it lasts. */
  readonly holds$?: Observable<Hold> | undefined;
  /** One value whenever the mind is known to be gone. */
  readonly lost$?: Observable<unknown> | undefined;
  /** No wish is followed for longer: 200 unless given. */
  readonly silenceMs?: number | undefined;
  /** A verdict at least so often, the same again if nothing has changed: never unless given. */
  readonly everyMs?: number | undefined;
  /** Held for longer than this, an armed robot is disarmed: it does not start by itself. 10 s unless given. */
  readonly resumeWithinMs?: number | undefined;
  /** Told everything that the gate is told. */
  readonly onEvent?: ((event: GateEvent) => void) | undefined;
};

/**
 * The last hand on every action (see `gate`), alive: it knows the time, looks at the frames, and listens to whatever may stop
 * the robot. The last word is rest.
 */
export function guard(spec: ActionSpec, options: GuardOptions): OperatorFunction<Wish, Verdict> {
  const { clock, seen$, watch = frameWatch(), interlock, holds$ = NEVER, lost$ = NEVER } = options;
  const { silenceMs = 200, everyMs = Number.POSITIVE_INFINITY, resumeWithinMs = 10_000, onEvent } = options;
  const make = () => gate(spec, { silenceMs, nowMs: clock.now() });
  gate(spec); // a spec that cannot be kept is a mistake at once

  return (wishes$) =>
    new Observable<Verdict>((subscriber) => {
      const machine = make();
      let eyes: RestReason | undefined;
      const tell = (event: GateEvent) => {
        onEvent?.(event);
        const verdict = machine.tell(event);
        if (verdict !== undefined) subscriber.next(verdict);
      };
      const hold = (reason: RestReason, on: boolean) => tell({ kind: 'hold', reason, on, timeMs: clock.now() });
      const tick = () => tell({ kind: 'tick', timeMs: clock.now() });

      /** Looks at the camera and at the clock, whatever woke us: timers may be late. */
      const look = () => {
        const nowMs = clock.now();
        const fault = seen$ === undefined ? undefined : watch.fault(nowMs);
        if (fault !== eyes) {
          if (fault !== undefined) hold(fault, true);
          if (eyes !== undefined) hold(eyes, false);
          eyes = fault;
        }
        if (nowMs >= machine.dueMs) tick();
        const due = Math.min(machine.dueMs, seen$ === undefined || eyes !== undefined ? Infinity : watch.dueMs);
        lapse.set(due - nowMs);
        patience.watch(interlock?.state.armed === true ? machine.held : undefined);
      };
      const lapse = alarm(clock, look);
      const patience = outage(clock, resumeWithinMs, (why) =>
        interlock?.disarm('the guard', `held for too long: ${why}`),
      );
      const on =
        <T>(work: (value: T) => void) =>
        (value: T) => {
          look();
          work(value);
          look();
        };
      const end = (finish: () => void) => () => {
        stop();
        tell({ kind: 'drop', reason: 'end', timeMs: clock.now() });
        finish();
      };
      const fail = (error: unknown) => end(() => subscriber.error(error))();
      const stop = () => {
        lapse.stop();
        patience.stop();
      };

      subscriber.add(stop);
      if (interlock !== undefined)
        subscriber.add(
          interlock.state$.subscribe({
            next: on(({ armed, pressed }) => {
              hold('e-stop', pressed);
              hold('disarmed', !armed);
            }),
            error: fail,
          }),
        );
      subscriber.add(holds$.subscribe({ next: on(({ reason, on }) => hold(reason, on)), error: fail }));
      subscriber.add(
        lost$.subscribe({
          next: on(() => tell({ kind: 'drop', reason: 'mind lost', timeMs: clock.now() })),
          error: fail,
        }),
      );
      if (seen$ !== undefined) subscriber.add(seen$.subscribe({ next: look }));
      if (everyMs !== Number.POSITIVE_INFINITY) subscriber.add(beat(clock, everyMs, on(tick)));
      look();
      subscriber.add(
        wishes$.subscribe({
          next: on((wish) => tell({ kind: 'wish', wish, timeMs: clock.now() })),
          error: fail,
          complete: end(() => subscriber.complete()),
        }),
      );
    });
}

/** Rings once, so many ms after it was last set; setting it later than it stands lets it ring and be set again. */
function alarm(clock: Clock, ring: () => void) {
  let set: { unsubscribe(): void } | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  const stop = () => {
    set?.unsubscribe();
    set = undefined;
    dueMs = Number.POSITIVE_INFINITY;
  };
  return {
    stop,
    set(ms: number) {
      const due = clock.now() + ms;
      if (ms === Number.POSITIVE_INFINITY || (set !== undefined && dueMs <= due)) return;
      stop();
      dueMs = due;
      set = clock.schedule(
        () => {
          set = undefined;
          dueMs = Number.POSITIVE_INFINITY;
          ring();
        },
        Math.max(0, ms),
      );
    },
  };
}

/** Gives up when something has lasted for `ms`: also when it is over before a timer, which may be late, has told. */
function outage(clock: Clock, ms: number, giveUp: (why: string) => void) {
  let set: { unsubscribe(): void } | undefined;
  let [dueMs, last] = [Number.POSITIVE_INFINITY, ''];
  const stop = () => {
    set?.unsubscribe();
    set = undefined;
    dueMs = Number.POSITIVE_INFINITY;
  };
  const end = () => {
    stop();
    giveUp(last);
  };
  return {
    stop,
    watch(why: string | undefined) {
      if (clock.now() >= dueMs) return end();
      if (why === undefined) return stop();
      last = why;
      if (set !== undefined || ms === Number.POSITIVE_INFINITY) return;
      dueMs = clock.now() + ms;
      set = clock.schedule(end, ms);
    },
  };
}

/** By the clock: beats that were missed are left out, not made up for. */
const beat = (clock: Clock, everyMs: number, work: (value: undefined) => void) => {
  const beganMs = clock.now();
  return clock.schedule(function () {
    work(undefined);
    const nowMs = clock.now();
    const next = beganMs + (Math.floor((nowMs - beganMs) / everyMs + 1e-6) + 1) * everyMs;
    this.schedule(undefined, next - nowMs);
  });
};
