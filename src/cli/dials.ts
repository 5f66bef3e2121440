import { type Observable, ReplaySubject } from 'rxjs';
import type { Dials } from '../agent/dials.ts';
import type { Tuning } from '../page/control.ts';

/** How a mind shall think, as people turned it so far; a mind that is started again is told all of it. */
export function dials(): { readonly dials$: Observable<Dials>; turn(tuning: Tuning): void } {
  const dials$ = new ReplaySubject<Dials>(1);
  let now: Dials = {};
  return {
    dials$,
    turn: ({ iterations = now.iterations, samples = now.samples, horizon = now.horizon, weights }) => {
      now = { iterations, samples, horizon, weights: { ...now.weights, ...weights } };
      dials$.next(now);
    },
  };
}

/** What the event log says of a turn. */
export const turned = ({ iterations, samples, horizon, weights = {} }: Tuning): string =>
  [
    ...(iterations === undefined ? [] : [iterations === 0 ? 'planning is off' : `${iterations} refinements a plan`]),
    ...(samples === undefined ? [] : [`${samples} candidates, from the next mind on`]),
    ...(horizon === undefined ? [] : [`${horizon} blocks ahead, from the next mind on`]),
    ...Object.entries(weights).map(([name, weight]) => `cost ${name} weighs ${weight}`),
  ].join(', ');
