/**
 * When, by this machine's monotonic clock, something was measured that carries a robot's stamp. Robot and machine need not
 * agree about the time: what counts is how their clocks differ, and that is asked (`sync`), or else taken from the quickest
 * message so far. A clock that jumps makes stamps look old, or of the future, until the next `sync`.
 */
export interface StampClock {
  /** Ms of the monotonic clock. Without a stamp: when it was received. */
  date(stampMs: number | undefined, receivedMs: number): number;
  /** Robot time now, ms; `undefined` as long as nothing is known of it. */
  robotTime(nowMs: number): number | undefined;
  /** The robot's clock showed `robotMs` at `nowMs`, within `errorMs`; tells whether that is exact enough to be of use. */
  sync(robotMs: number, nowMs: number, errorMs: number): boolean;
  /** Whether the last stamps disagree with what is known: worth a `sync`. */
  readonly doubtful: boolean;
}

/** Clocks may drift apart by so much, ms per ms. */
const DRIFT = 2e-4;
/** Stamps that differ from what is expected by more than this, many in a row, are worth asking about, ms. */
const DOUBT = { ms: 150, times: 2 };

/** An answer that took longer than twice this tells nothing of the time, ms. */
const MOST_ERROR_MS = 50;

/** What doubles leave of times since the epoch, ms. */
const ROUNDING_MS = 1e-3;

export function stampClock(): StampClock {
  let known: { readonly offsetMs: number; readonly errorMs: number; readonly atMs: number } | undefined;
  let asked = false;
  let odd = 0;
  const offset = (nowMs: number) => known!.offsetMs + (asked ? 0 : DRIFT * Math.max(0, nowMs - known!.atMs));

  return {
    date(stampMs, receivedMs) {
      if (stampMs === undefined) return receivedMs;
      const found = receivedMs - stampMs;
      if (known === undefined) known = { offsetMs: found, errorMs: 0, atMs: receivedMs };
      const lateMs = found - offset(receivedMs);
      odd = Math.abs(lateMs) > DOUBT.ms ? odd + 1 : 0;
      if (Math.abs(lateMs) <= known.errorMs + ROUNDING_MS) return receivedMs;
      if (asked || lateMs >= 0 || lateMs < -DOUBT.ms) return receivedMs - lateMs;
      known = { offsetMs: found, errorMs: 0, atMs: receivedMs }; // the quickest so far
      return receivedMs;
    },
    robotTime: (nowMs) => (known === undefined ? undefined : nowMs - offset(nowMs)),
    sync(robotMs, nowMs, errorMs) {
      if (!(errorMs <= MOST_ERROR_MS)) return false;
      const offsetMs = nowMs - robotMs;
      const sharper = known === undefined || !asked || errorMs <= known.errorMs + DRIFT * (nowMs - known.atMs);
      const moved = known !== undefined && Math.abs(offsetMs - known.offsetMs) > errorMs + known.errorMs + 1;
      if (sharper || moved) known = { offsetMs, errorMs, atMs: nowMs };
      asked = true;
      odd = 0;
      return true;
    },
    get doubtful() {
      return odd >= DOUBT.times;
    },
  };
}
