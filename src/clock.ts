import { asyncScheduler, type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

/** Time in milliseconds, as rxjs knows it: a monotonic one on a robot, a virtual one in tests and evaluation. */
export interface Clock extends SchedulerLike {
  /** Milliseconds; only differences mean anything. */
  now(): number;
  /** Says that this work takes no time of this clock: a virtual clock stands still until it is done. */
  track<T>(work: Promise<T>): Promise<T>;
}

/** A clock that moves only when told to. The same work scheduled twice runs in the same order. */
export interface VirtualClock extends Clock {
  /** Runs everything due up to and including `untilMs`, in order of time, then of scheduling. */
  run(untilMs: number): Promise<void>;
  /** `run(now + ms)`. */
  advance(ms: number): Promise<void>;
}

/** The machine's monotonic time, the same in every process of this machine. Wall-clock jumps do not touch it. */
export function realClock(): Clock {
  return {
    now: () => Number(process.hrtime.bigint()) / 1e6,
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
    track: (work) => work,
  };
}

type Entry = { readonly timeMs: number; readonly order: number; readonly run: () => void };

/** A virtual clock. Between two events it waits for tracked work, and lets every promise that is settled be heard. */
export function virtualClock(startMs = 0): VirtualClock {
  let nowMs = startMs;
  let scheduled = 0;
  let running = false;
  const agenda: Entry[] = [];
  const tracked = new Set<Promise<unknown>>();

  const enter = (entry: Entry) => {
    let at = agenda.length;
    while (at > 0 && agenda[at - 1]!.timeMs > entry.timeMs) at--;
    agenda.splice(at, 0, entry);
  };
  const strike = (entry: Entry | undefined) => {
    const at = entry === undefined ? -1 : agenda.indexOf(entry);
    if (at >= 0) agenda.splice(at, 1);
  };

  const schedule: SchedulerLike['schedule'] = <T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    firstDelayMs = 0,
    firstState?: T,
  ) => {
    let pending: Entry | undefined;
    const action = new Subscription(() => strike(pending)) as SchedulerAction<T>;
    action.schedule = (state?: T, delayMs = 0) => {
      if (action.closed) return action;
      strike(pending);
      const run = () => {
        pending = undefined;
        work.call(action, state);
        if (pending === undefined) action.unsubscribe();
      };
      pending = { timeMs: nowMs + Math.max(0, delayMs), order: scheduled++, run };
      enter(pending);
      return action;
    };
    return action.schedule(firstState, firstDelayMs);
  };

  const settle = async () => {
    do {
      await Promise.allSettled(tracked);
      await new Promise((resolve) => setImmediate(resolve)); // every promise settled by now has been heard
    } while (tracked.size > 0);
  };

  const run = async (untilMs: number) => {
    if (running) throw new TypeError('a virtual clock is run by one caller at a time; await the last run first');
    running = true;
    try {
      for (;;) {
        await settle();
        const next = agenda[0];
        if (next === undefined || next.timeMs > untilMs) break;
        agenda.shift();
        nowMs = Math.max(nowMs, next.timeMs);
        next.run();
      }
      nowMs = Math.max(nowMs, untilMs);
    } finally {
      running = false;
    }
  };

  return {
    now: () => nowMs,
    schedule,
    track: (work) => {
      tracked.add(work);
      const done = () => tracked.delete(work);
      work.then(done, done);
      return work;
    },
    run,
    advance: (ms) => run(nowMs + ms),
  };
}

/** Resolves after `ms` of this clock; with 0 it only lets others go first. */
export const pause = (ms: number, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(() => resolve(), ms);
  });
