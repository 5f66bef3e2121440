import type { Frame, Observation } from '../drivers/driver.ts';
import type { RestReason } from './reasons.ts';

export type FrameWatchOptions = {
  /** The newest good frame may be so old, ms: 300 unless given. */
  readonly staleMs?: number | undefined;
  /** Frames may be byte by byte the same for so long, ms: 500 unless given; `Infinity` for a camera without noise. */
  readonly identicalMs?: number | undefined;
  /** A frame's time may lie so far ahead, ms: 20 unless given. */
  readonly aheadMs?: number | undefined;
};

/** Whether the camera can be trusted just now. Times are those of the body's monotonic clock. */
export interface FrameWatch {
  /** Looks at an observation. Why it must not be used, if so: not newer than the last one, or not to be believed. */
  see(observation: Observation, nowMs: number): 'out of order' | 'another size' | RestReason | undefined;
  /** Why the robot must rest, if so. */
  fault(nowMs: number): RestReason | undefined;
  /** When that would change if nothing came any more. */
  readonly dueMs: number;
  readonly counts: Readonly<Record<'used' | 'rejected', number>>;
}

/** Smaller frames may well be of one colour, pixels. */
const SMALL = 64;
/** Grey levels between the darkest and the brightest byte of a picture that shows something. */
const CONTRAST = 3;

export function frameWatch({ staleMs = 300, identicalMs = 500, aheadMs = 20 }: FrameWatchOptions = {}): FrameWatch {
  let newest: { readonly timeMs: number; readonly frame: Frame } | undefined;
  let changedMs = Number.NEGATIVE_INFINITY;
  let turnedAway: { readonly frame: Frame; readonly sinceMs: number } | undefined; // a picture may be old news when it is let in
  let refused: RestReason | undefined;
  const counts = { used: 0, rejected: 0 };

  const reject = <T>(why: T) => {
    counts.rejected++;
    return why;
  };
  const turnAway = <T>(why: T, frame: Frame, nowMs: number) => {
    if (turnedAway === undefined || !same(frame, turnedAway.frame)) turnedAway = { frame, sinceMs: nowMs };
    return reject(why);
  };
  const staleAtMs = () => (newest?.timeMs ?? Number.NEGATIVE_INFINITY) + staleMs;
  const frozenAtMs = () => changedMs + identicalMs;

  return {
    counts,
    get dueMs() {
      if (newest === undefined) return Number.POSITIVE_INFINITY;
      return Math.min(staleAtMs(), frozenAtMs());
    },
    see({ timeMs, frames }, nowMs) {
      const frame = Object.values(frames)[0];
      if (frame === undefined) return undefined;
      if (!Number.isFinite(timeMs) || timeMs > nowMs + aheadMs) {
        refused = 'future frame';
        return turnAway(refused, frame, nowMs);
      }
      if (newest !== undefined && timeMs <= newest.timeMs) return turnAway('out of order', frame, nowMs);
      if (newest !== undefined && !sameSize(frame, newest.frame)) return reject('another size');
      if (isBlind(frame)) {
        refused = 'blind frame';
        return reject(refused);
      }
      if (newest === undefined || !same(frame, newest.frame))
        changedMs = turnedAway !== undefined && same(frame, turnedAway.frame) ? turnedAway.sinceMs : timeMs;
      newest = { timeMs, frame };
      turnedAway = undefined;
      refused = undefined;
      if (timeMs >= frozenAtMs()) return reject('frozen frame');
      counts.used++;
      return undefined;
    },
    fault(nowMs) {
      if (newest === undefined || nowMs >= staleAtMs()) return refused ?? 'stale frame';
      return nowMs >= frozenAtMs() ? 'frozen frame' : undefined;
    },
  };
}

const sameSize = (a: Frame, b: Frame) => a.width === b.width && a.height === b.height;
const same = (a: Frame, b: Frame) => Buffer.compare(a.data, b.data) === 0;

/** All of one colour, as with the lens cap on. */
const isBlind = ({ width, height, data }: Frame): boolean =>
  width * height >= SMALL && data.every((value, i) => Math.abs(value - data[i % 3]!) < CONTRAST);
