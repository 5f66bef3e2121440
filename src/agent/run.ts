import { Observable, Subject } from 'rxjs';
import type { Action, Driver } from '../drivers/driver.ts';
import type { Agent } from './body.ts';

/**
 * Closes the loop between a robot and an agent; gives the actions as they leave. It begins when subscribed to, and ends, with
 * rest as the last word, when unsubscribed from, when either side ends, or on error.
 */
export const run = (driver: Driver, agent: Agent): Observable<Action> =>
  new Observable((subscriber) => {
    const actions$ = new Subject<Action>();
    subscriber.add(actions$.subscribe((action) => subscriber.next(action)));
    const rest = () => actions$.next(driver.actionSpec.rest);
    subscriber.add(rest);
    subscriber.add(
      driver
        .connect(actions$)
        .pipe(agent)
        .subscribe({
          next: (action) => actions$.next(action),
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
    );
  });
