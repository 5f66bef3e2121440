import { Observable } from 'rxjs';
import type { Action, ActionSpec, Driver, Frame, Observation } from '../driver.ts';
import type { CommandLink } from './command-link.ts';

/** What a robot shows: frames taken at `timeMs` of the monotonic clock, and what it measures of itself. */
export type Sight = {
  readonly timeMs: number;
  readonly frames: Readonly<Record<string, Frame>>;
  readonly proprio?: readonly number[];
};

export type RosDriverOptions = {
  readonly actionSpec: ActionSpec;
  readonly link: CommandLink;
  readonly topic: string;
  /** An action as the message of its topic. */
  readonly message: (action: Action) => object;
  readonly sights$: Observable<Sight>;
};

/** A robot behind a rosbridge: actions leave through the link, now or never; what it shows comes with the action then in force. */
export function rosDriver({ actionSpec, link, topic, message, sights$ }: RosDriverOptions): Driver {
  return {
    actionSpec,
    connect: (actions$) =>
      new Observable<Observation>((subscriber) => {
        let inForce = actionSpec.rest;
        const send = (action: Action) => {
          const resting = action.every((value, axis) => value === actionSpec.rest[axis]);
          const sent = link.command({ topic, msg: message(action) }, resting);
          if (sent) inForce = action;
        };
        subscriber.add(actions$.subscribe(send));
        subscriber.add(
          link.state$.subscribe((state) => {
            if (state !== 'up') inForce = actionSpec.rest; // a robot that hears nothing stops itself
          }),
        );
        subscriber.add(
          sights$.subscribe({
            next: (sight) => subscriber.next({ ...sight, action: inForce }),
            error: (error) => subscriber.error(error),
            complete: () => subscriber.complete(),
          }),
        );
      }),
  };
}
