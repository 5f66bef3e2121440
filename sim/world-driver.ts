import { Observable } from 'rxjs';
import type { Clock } from '../src/clock.ts';
import type { Action, Driver, Observation } from '../src/drivers/driver.ts';
import type { World } from './world.ts';

export type WorldDriverOptions<State> = {
  readonly start: State;
  /** Side of the pictures, in pixels. */
  readonly size: number;
  readonly clock: Clock;
  /** Time between two steps: the world's own unless given. A shorter one plays the world faster. */
  readonly periodMs?: number;
  readonly camera?: string;
  /** Puts the world into another state, from wherever it is. */
  readonly put$?: Observable<State>;
  /** Is a picture wanted this time? Always, unless given; without one the observation has no frames. */
  readonly looks?: (timeMs: number) => boolean;
  /** The true state: the start, and after every step. For judging and for pictures, never for control. */
  readonly onState?: (state: State, timeMs: number) => void;
};

/**
 * Any world as a robot. It takes one step per period, under the mean over time of the actions that were in force in it, and
 * shows a frame before the first and after every step. Steps that could not be made in time are left out, not made up for.
 */
export function worldDriver<State>(world: World<State>, options: WorldDriverOptions<State>): Driver {
  const { start, size, clock, periodMs = world.periodMs, camera = 'camera', onState, looks = () => true } = options;

  return {
    actionSpec: world.actionSpec,
    connect: (actions$) =>
      new Observable<Observation>((subscriber) => {
        let state = start;
        const command = held(world.actionSpec.rest, clock);
        const beganMs = clock.now();
        let taken = 0;

        const show = (action: Action) => {
          const timeMs = clock.now();
          onState?.(state, timeMs);
          const frames = looks(timeMs) ? { [camera]: world.render(state, size, camera) } : {};
          subscriber.next({ timeMs, action, frames });
        };
        subscriber.add(
          options.put$?.subscribe((next) => {
            state = next;
            command.take(); // what was done before belongs to another state
          }),
        );
        subscriber.add(actions$.subscribe((action) => command.set(action)));
        subscriber.add(
          clock.schedule(function () {
            const action = command.take();
            if (taken > 0) state = world.step(state, action);
            const due = Math.floor((clock.now() - beganMs) / periodMs + 1e-6) + 1;
            taken = Math.max(taken + 1, due);
            this.schedule(undefined, beganMs + taken * periodMs - clock.now()); // before showing: it moves before it is answered
            show(action);
          }),
        );
      }),
  };
}

/** The action in force, and its mean over the time since it was last taken. */
function held(rest: Action, clock: Clock) {
  let now = rest;
  let sinceMs = clock.now();
  let past: { readonly action: Action; readonly ms: number }[] = [];
  const put = () => {
    const ms = clock.now() - sinceMs;
    sinceMs += ms;
    if (ms > 1e-6) past.push({ action: now, ms });
  };
  return {
    set: (action: Action) => {
      put();
      now = action;
    },
    take: (): Action => {
      put();
      const parts = past;
      past = [];
      if (parts.length <= 1) return parts[0]?.action ?? now;
      const total = parts.reduce((sum, { ms }) => sum + ms, 0);
      return rest.map((_, axis) => parts.reduce((sum, { action, ms }) => sum + (action[axis]! * ms) / total, 0));
    },
  };
}
