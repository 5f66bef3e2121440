import { defer, Observable, type ObservableInput, type OperatorFunction, Subscriber } from 'rxjs';

/** While one is worked on, only the newest of what comes is kept, and worked on next. Never more than one waits. */
export const exhaustLatest =
  <In, Out>(project: (value: In) => ObservableInput<Out>): OperatorFunction<In, Out> =>
  (source$) =>
    new Observable((subscriber) => {
      let busy = false;
      let over = false;
      let waiting: { readonly value: In } | undefined;

      const start = (value: In) => {
        busy = true;
        const inner = new Subscriber<Out>({
          next: (result) => subscriber.next(result),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            busy = false;
            const next = waiting;
            waiting = undefined;
            if (next !== undefined) start(next.value);
            else if (over) subscriber.complete();
          },
        });
        subscriber.add(inner);
        defer(() => project(value)).subscribe(inner); // defer: a project that throws is an error of the stream
      };

      subscriber.add(
        source$.subscribe({
          next: (value) => {
            if (busy) waiting = { value };
            else start(value);
          },
          error: (error) => subscriber.error(error),
          complete: () => {
            over = true;
            if (!busy) subscriber.complete();
          },
        }),
      );
    });
