import { type SchedulerAction, Subscription } from 'rxjs';
import type { Clock, VirtualClock } from '../../src/clock.ts';
import type { Random } from '../../src/random.ts';
import type { Faults } from './faults.ts';

/** The body's own sense of time: it may sleep, have late timers, and a clock that steps ahead. An endless loop is told, and cut. */
export interface BodyClock extends Clock {
  /** Works now, or when the body wakes: everything from outside comes in through this. */
  awake(work: () => void): void;
  readonly asleep: boolean;
  stepAhead(ms: number): void;
  /** How many timers are set. */
  readonly timers: number;
}

/** More works than this without any time passing are an endless loop. */
const TOO_MUCH = 10_000;

export function bodyClock(
  world: VirtualClock,
  faults: () => Faults,
  random: Random,
  onEndless: (what: string) => void,
): BodyClock {
  let aheadMs = 0;
  let timers = 0;
  const waiting: (() => void)[] = [];
  let waking = false;
  const asleep = () => faults().on('body sleeps');
  const wake = () => {
    if (asleep()) return void world.schedule(wake, 5);
    waking = false;
    for (const work of waiting.splice(0)) work();
  };
  const awake = (work: () => void) => {
    if (!asleep() && !waking) return work();
    waiting.push(work);
    if (waking) return;
    waking = true;
    world.schedule(wake, 5);
  };
  let [moment, works] = [-1, 0];
  const count = () => {
    works = world.now() === moment ? works + 1 : 0;
    moment = world.now();
    if (works === TOO_MUCH) onEndless(`${TOO_MUCH} works in a single moment`);
    return works < TOO_MUCH;
  };
  const late = () => (faults().on('timers late') ? 200 * random.uniform() : 0);

  return {
    now: () => world.now() + aheadMs,
    track: (work) => world.track(work),
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs = 0, state?: T) => {
      let pending: Subscription | undefined;
      const action = new Subscription(() => {
        pending?.unsubscribe();
        timers--;
      }) as SchedulerAction<T>;
      timers++;
      action.schedule = (next?: T, ms = 0) => {
        if (action.closed) return action;
        pending?.unsubscribe();
        const mine: Subscription = world.schedule(
          () =>
            awake(() => {
              if (action.closed || pending !== mine) return;
              pending = undefined;
              if (count()) work.call(action, next);
              if (pending === undefined) action.unsubscribe();
            }),
          Math.max(0, ms) + late(),
        );
        pending = mine;
        return action;
      };
      return action.schedule(state, delayMs);
    },
    awake,
    get asleep() {
      return asleep();
    },
    get timers() {
      return timers;
    },
    stepAhead: (ms) => {
      aheadMs += ms;
    },
  };
}
