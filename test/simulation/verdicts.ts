import type { Clock } from '../../src/clock.ts';
import type { GateEvent, Verdict } from '../../src/safety/gate.ts';
import { rests } from '../../src/safety/reasons.ts';
import type { SafetyLog } from '../../src/safety/safety-log.ts';
import type { Truth } from './invariants.ts';

/** What holds a robot, and for how long it may until it must be armed anew (ms; timers may be late, and the body asleep). */
const HOLDS: ReadonlySet<string> = new Set([
  'link lost',
  'robot silent',
  'stale frame',
  'frozen frame',
  'blind frame',
  'future frame',
]);
const HELD_MS = 10_500;
const MUTED_MS = 500;

/** Looks at the gate's verdicts, one after another: I5, and what I13 asks for. */
export function verdictWatch({
  clock,
  truth,
  log,
  report,
}: {
  readonly clock: Clock;
  readonly truth: Truth;
  readonly log: SafetyLog;
  readonly report: (invariant: string, what: string) => void;
}) {
  let last: Verdict | undefined;
  const holding = new Set<string>();
  let [heldSinceMs, heldUntilMs] = [0, 0];
  let lostMs = Number.NEGATIVE_INFINITY;
  let mutedMs: number | undefined; // since when motion is wanted that does not leave
  return {
    get reason() {
      return last?.reason;
    },
    /** When it was said last that the mind is lost. */
    get lostMs() {
      return lostMs;
    },
    /** Motion has left. */
    moved() {
      mutedMs = undefined;
    },
    /** What the gate is told. */
    hear(event: GateEvent) {
      if (event.kind !== 'hold' || !HOLDS.has(event.reason)) return;
      if (event.on && holding.size === 0) heldSinceMs = clock.now();
      if (event.on) holding.add(event.reason);
      else if (holding.delete(event.reason) && holding.size === 0) heldUntilMs = clock.now();
    },
    tell(verdict: Verdict, linkUp: boolean) {
      const { reason } = verdict;
      const rest = reason in rests;
      mutedMs = rest || !linkUp ? undefined : (mutedMs ?? clock.now());
      if (mutedMs !== undefined && clock.now() - mutedMs > MUTED_MS)
        report('liveness', `${clock.now() - mutedMs} ms of motion, and none leaves through a link that is up`);
      if (rest && last !== undefined && !(last.reason in rests)) log.add({ kind: 'stopped', reason });
      const heldMs = heldUntilMs - heldSinceMs;
      if (!rest && heldMs > HELD_MS && truth.allowedSinceMs < heldSinceMs)
        report('I5', `motion by itself after it was held for ${heldMs} ms`);
      if (reason === 'mind lost') lostMs = clock.now();
      last = verdict;
    },
  };
}
