import { Observable } from 'rxjs';
import type { Clock } from '../../clock.ts';
import type { Action, ActionSpec, Driver } from '../driver.ts';
import type { Gym, GymSpec, GymStep } from './open-gym.ts';

export type GymDriverOptions = {
  readonly clock: Clock;
  /** Of the first episode; each that follows has the next one. */
  readonly seed?: number;
  /** Time between two steps: the environment's own unless given. */
  readonly periodMs?: number;
  /** Told of everything that the environment answers, for judging; never for control. */
  readonly onStep?: (step: GymStep) => void;
};

/** The limits of a Gymnasium environment's actions. It is at rest with 0, or the nearest there is to it. */
export function gymActionSpec({ low, high, periodMs }: GymSpec): ActionSpec {
  return {
    low,
    high,
    rest: low.map((least, i) => Math.min(high[i]!, Math.max(least, 0))),
    maxRate: low.map((least, i) => (1000 * (high[i]! - least)) / periodMs), // any change within one step
    names: low.map((_, i) => `a${i}`),
  };
}

/**
 * A Gymnasium environment as a robot: a step per period under the action then in force, a picture before the first and after every
 * one; when an episode ends, the next begins. Unsubscribing leaves it where it is: its time stands still between steps.
 */
export function gymDriver(
  gym: Gym,
  { clock, seed = 0, periodMs = gym.spec.periodMs, onStep }: GymDriverOptions,
): Driver {
  const actionSpec = gymActionSpec(gym.spec);
  return {
    actionSpec,
    connect: (actions$) =>
      new Observable((subscriber) => {
        let action: Action = actionSpec.rest;
        let episode = 0;
        const show = (seen: GymStep, done: Action) => {
          onStep?.(seen);
          subscriber.next({ timeMs: clock.now(), frames: { camera: seen.frame }, proprio: seen.state, action: done });
        };
        const go = async () => {
          let over = true;
          for (let due = clock.now(); !subscriber.closed; ) {
            const done = over ? actionSpec.rest : action;
            const seen: GymStep = await clock.track(over ? gym.reset(seed + episode++) : gym.step(done));
            if (subscriber.closed) return;
            over = seen.terminated || seen.truncated;
            show(seen, done);
            due = Math.max(due + periodMs, clock.now()); // late steps are left out, not made up for
            await new Promise<void>((resolve) => {
              subscriber.add(clock.schedule(() => resolve(), due - clock.now()));
            });
          }
        };
        subscriber.add(actions$.subscribe((wanted) => (action = wanted)));
        go().catch((error) => subscriber.error(error));
      }),
  };
}
