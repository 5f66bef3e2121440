import { TestScheduler } from 'rxjs/testing';
import { expect } from 'vitest';
import type { Clock } from '../../src/clock.ts';

type Helpers = Parameters<Parameters<TestScheduler['run']>[0]>[0];

/** Draws time: one character is a millisecond of `clock`. */
export function marbles(draw: (helpers: Helpers, clock: Clock) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  const clock: Clock = {
    now: () => scheduler.now(),
    schedule: scheduler.schedule.bind(scheduler),
    track: (work) => work,
  };
  scheduler.run((helpers) => draw(helpers, clock));
}
