import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';

/** The big red button. It stays pressed until it is reset; pressing wins over a reset that runs with it. */
export interface EStop {
  press(): void;
  reset(): void;
  /** Whether it is pressed: now, and on every change. */
  readonly pressed$: Observable<boolean>;
}

export function eStop(): EStop {
  const pressed$ = new BehaviorSubject(false);
  return {
    press: () => pressed$.next(true),
    reset: () => pressed$.next(false),
    pressed$: pressed$.pipe(distinctUntilChanged()),
  };
}
