import { Observable, Subject } from 'rxjs';
import type { Action, Driver } from '../drivers/driver.ts';
import type { Agent } from './body.ts';
import { type RemoteOptions, remoteAgent } from './remote-agent.ts';

export type RunOptions = {
  /** Signals that end the run in peace, e.g. `['SIGINT', 'SIGTERM']`; none unless given. */
  readonly signals?: readonly NodeJS.Signals[];
};

/**
 * Closes the loop between a robot and an agent, or a mind that is then started as a process of its own; gives the actions as
 * they leave. It begins when subscribed to, and ends when unsubscribed from, when either side ends, on a signal, or on error:
 * the last word to the robot is rest.
 */
export const run = (
  driver: Driver,
  agent: Agent | RemoteOptions,
  { signals = [] }: RunOptions = {},
): Observable<Action> =>
  new Observable((subscriber) => {
    const think = typeof agent === 'function' ? agent : remoteAgent(driver.actionSpec, agent);
    const actions$ = new Subject<Action>();
    let last: Action | undefined;
    const send = (action: Action) => {
      last = action;
      actions$.next(action);
    };
    const stop = () => {
      if (last !== driver.actionSpec.rest) send(driver.actionSpec.rest);
      subscriber.complete();
    };

    subscriber.add(actions$.subscribe((action) => subscriber.next(action)));
    for (const signal of signals) {
      process.once(signal, stop);
      subscriber.add(() => process.off(signal, stop));
    }
    subscriber.add(() => {
      if (last !== driver.actionSpec.rest) send(driver.actionSpec.rest);
    });
    subscriber.add(
      driver
        .connect(actions$)
        .pipe(think)
        .subscribe({
          next: send,
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
    );
  });
