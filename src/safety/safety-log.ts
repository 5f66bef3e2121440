import type { Clock } from '../clock.ts';

/** One thing that happened. */
export type SafetyEvent = {
  readonly timeMs: number;
  readonly kind: string;
  readonly [detail: string]: string | number | boolean | undefined;
};

/** What happened to the robot, in order: the newest are kept, everything is told to `onEvent`. */
export interface SafetyLog {
  add(event: { readonly kind: string; readonly [detail: string]: string | number | boolean | undefined }): void;
  readonly events: readonly SafetyEvent[];
  /** How often each kind has happened, dropped ones included. */
  readonly counts: ReadonlyMap<string, number>;
}

export type SafetyLogOptions = {
  readonly clock: Clock;
  /** Events kept: 1000 unless given. */
  readonly kept?: number;
  readonly onEvent?: (event: SafetyEvent) => void;
};

export function safetyLog({ clock, kept = 1000, onEvent }: SafetyLogOptions): SafetyLog {
  let events: SafetyEvent[] = [];
  const counts = new Map<string, number>();
  return {
    counts,
    get events() {
      return events;
    },
    add(event) {
      const told = { timeMs: clock.now(), ...event };
      counts.set(told.kind, (counts.get(told.kind) ?? 0) + 1);
      events.push(told);
      if (events.length > 2 * kept) events = events.slice(-kept);
      onEvent?.(told);
    },
  };
}
