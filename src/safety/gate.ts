import type { Action, ActionSpec } from '../drivers/driver.ts';
import { approach, atRest, checkSpec, clampAction, type Moving } from './limits.ts';
import { type Reason, type RestReason, rests } from './reasons.ts';

/** An action that the mind wants in force until `untilMs`, thought out from what was seen at `seenMs`; an empty one wants nothing. */
export type Wish = { readonly action: Action; readonly untilMs: number; readonly seenMs: number };

/** What leaves for the robot, and why. `seenMs`: when that was seen which the action answers; none for rest. */
export type Verdict = {
  readonly timeMs: number;
  readonly action: Action;
  readonly reason: Reason;
  readonly seenMs?: number;
};

/** Whatever can keep a robot at rest for as long as it lasts. */
export type Hold = { readonly reason: RestReason; readonly on: boolean };

/** What the gate is told, and when: a run's events, played again, give the same verdicts to the bit. */
export type GateEvent = { readonly timeMs: number } & (
  | { readonly kind: 'wish'; readonly wish: Wish }
  | ({ readonly kind: 'hold' } & Hold)
  /** Rest now, and follow nothing that was thought out before. */
  | { readonly kind: 'drop'; readonly reason: RestReason }
  /** Time has passed. */
  | { readonly kind: 'tick' }
);

export interface Gate {
  /** The verdict to send, if there is one. */
  tell(event: GateEvent): Verdict | undefined;
  /** When the present wish runs out. */
  readonly dueMs: number;
  /** The strongest reason to rest now. */
  readonly held: RestReason | undefined;
}

const strength = Object.keys(rests);
/** The frame that ends one of these may be moved on. */
const ofTheCamera: ReadonlySet<string> = new Set(['stale frame', 'frozen frame', 'blind frame', 'future frame']);

/**
 * The last hand on every action, as a machine without a clock: within the limits, no faster than allowed, finite; rest whenever
 * in doubt. Resting is not rate-limited. While it is held nothing is wished; what was thought out from before a hold ended is
 * never followed. `silenceMs`: no wish is followed for longer.
 */
export function gate(spec: ActionSpec, { silenceMs = 200, nowMs = 0 } = {}): Gate {
  checkSpec(spec);
  const still = atRest(spec);
  const holds = new Set<RestReason>();
  let said: { readonly moving: Moving; readonly timeMs: number } = { moving: still, timeMs: nowMs };
  let before = { ...said, timeMs: nowMs - silenceMs }; // what was in force up to when `said` was said
  let wish: Wish | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let fenceMs = Number.NEGATIVE_INFINITY;
  let resting: RestReason = 'silence';

  const held = () => strength.find((reason) => holds.has(reason as RestReason)) as RestReason | undefined;
  const say = (moving: Moving, timeMs: number) => {
    if (timeMs > said.timeMs) before = said;
    said = { moving, timeMs };
  };
  const rest = (reason: RestReason, timeMs: number): Verdict => {
    wish = undefined;
    dueMs = Number.POSITIVE_INFINITY;
    resting = reason;
    say(still, timeMs);
    return { timeMs, action: spec.rest, reason };
  };
  const drop = (reason: RestReason, timeMs: number) => {
    fenceMs = Math.max(fenceMs, timeMs);
    return rest(reason, timeMs);
  };
  const move = (wanted: Wish, timeMs: number): Verdict => {
    const legal = clampAction(wanted.action, spec);
    const from = timeMs > said.timeMs ? said : before;
    const moving = approach(legal, from.moving, Math.min(timeMs - from.timeMs, silenceMs), spec);
    say(moving, timeMs);
    const { action } = moving;
    const reason = !same(action, legal) ? 'rate-limited' : !same(legal, wanted.action) ? 'clamped' : 'as wished';
    return { timeMs, action, reason, seenMs: wanted.seenMs };
  };

  const wished = (wanted: Wish, timeMs: number) => {
    if (holds.size > 0 || wanted.seenMs < fenceMs) return undefined;
    if (wanted.action.length === 0) return rest('silence', timeMs);
    if (wanted.action.length !== spec.rest.length) return rest('wrong length', timeMs);
    if (!wanted.action.every(Number.isFinite)) return rest('not finite', timeMs);
    const untilMs = Math.min(wanted.untilMs, timeMs + silenceMs);
    if (!(untilMs > timeMs)) return undefined;
    wish = wanted;
    dueMs = untilMs;
    return move(wish, timeMs);
  };
  const hold = ({ reason, on }: Hold, timeMs: number) => {
    const was = holds.has(reason);
    if (on) holds.add(reason);
    else holds.delete(reason);
    if (was === on) return undefined;
    const why = held();
    if (on) return drop(why!, timeMs);
    resting = why ?? 'silence';
    say(still, timeMs); // motion sets out from here
    if (!ofTheCamera.has(reason)) fenceMs = Math.max(fenceMs, timeMs); // what was seen meanwhile is no ground to move on
    return undefined;
  };
  const tick = (timeMs: number) => {
    const why = held();
    if (why !== undefined) return rest(why, timeMs);
    if (wish !== undefined && timeMs >= dueMs) return rest('silence', timeMs);
    return wish === undefined ? rest(resting, timeMs) : move(wish, timeMs);
  };

  return {
    get dueMs() {
      return dueMs;
    },
    get held() {
      return held();
    },
    tell(event) {
      switch (event.kind) {
        case 'wish':
          return wished(event.wish, event.timeMs);
        case 'hold':
          return hold(event, event.timeMs);
        case 'drop':
          return drop(event.reason, event.timeMs);
        case 'tick':
          return tick(event.timeMs);
      }
    },
  };
}

const same = (a: Action, b: Action) => a.every((value, axis) => value === b[axis]);
