import type { ActionSpec } from '../../src/drivers/driver.ts';
import type { Shot } from './camera.ts';
import type { Thought } from './mind.ts';

export type Violation = { readonly invariant: string; readonly atMs: number; readonly what: string };

/** A command as it left the body. */
export type Sent = {
  /** Of the body's clock, and of the world's. */
  readonly bodyMs: number;
  readonly worldMs: number;
  readonly connection: number;
  readonly action: readonly number[];
};

/** What the checker is told of the world beside the commands. */
export type Truth = {
  /** In the body's time: when the newest frame came that the body believed. */
  believedMs: number;
  /** In the world's time: when the newest frame was taken that really shows something new, and when frames last changed. */
  honestMs: number;
  changedMs: number;
  /** Whether people allow motion, since when (body's time), and the goals told so far. */
  allowed: boolean;
  allowedSinceMs: number;
  goals: number;
  /** The connection that has answered, and since when (body's time). */
  answered: number;
  answeredMs: number;
  /** When minds died (world's time), and how late timers may be now. */
  readonly died: Map<number, number>;
  readonly timersLate: boolean;
};

const T = { command: 200, frame: 300, identical: 500, crash: 50, hang: 205, stamps: 120, eps: 1e-6 };
const STEP_MS = 200;

/** I1 to I8 of every command that leaves; says what is wrong with it. */
export function invariants(
  spec: ActionSpec,
  truth: Truth,
  thoughts: ReadonlyMap<number, Thought>,
  hungSinceMs: (generation: number) => number | undefined,
  report: (invariant: string, what: string) => void,
) {
  const still = (action: readonly number[]) => action.every((value, axis) => value === spec.rest[axis]);
  let last: Sent | undefined;
  let earlier: Sent | undefined; // the last one of an earlier moment
  const atRest = { action: spec.rest, speeds: spec.rest.map(() => 0), bodyMs: Number.NEGATIVE_INFINITY, resting: true };
  let [before, since] = [atRest, atRest]; // the last verdict, and the last one of an earlier moment
  const inside = (of: readonly number[], axis: number) => of[axis]! > spec.low[axis]! && of[axis]! < spec.high[axis]!;
  let newestSeen = Number.NEGATIVE_INFINITY;

  return {
    get last() {
      return last;
    },
    sent(command: Sent) {
      const { action, bodyMs, worldMs, connection } = command;
      const first = last?.connection !== connection;
      if (last !== undefined && last.bodyMs < bodyMs) earlier = last;
      last = command;
      bounds(command, earlier);
      if (still(action)) return;
      if (first) report('I6', `the first message of connection ${connection} is motion`);
      if (truth.answered !== connection) report('I6', `motion on connection ${connection}, which has not answered`);
      if (!truth.allowed) report('I3/I11', 'motion that nobody allows');
      const thought = thoughts.get(action[2]!);
      if (thought === undefined) return report('I8', `a command of no plan (${action[2]})`);
      const { seenMs, arrivedMs, goal, generation } = thought;
      if (bodyMs - arrivedMs > T.command + T.eps) report('I2', `a command ${bodyMs - arrivedMs} ms after its plan`);
      if (bodyMs - truth.believedMs > T.frame + T.eps)
        report('I1', `motion ${bodyMs - truth.believedMs} ms after a frame`);
      if (worldMs - truth.honestMs > T.frame + T.stamps)
        report('I1', `motion ${worldMs - truth.honestMs} ms after a true frame`);
      if (worldMs - truth.changedMs > T.identical + T.stamps)
        report('I1', `motion on the same picture for ${worldMs - truth.changedMs} ms`);
      if (seenMs < truth.allowedSinceMs) report('I6', 'a command thought out before it was allowed');
      if (seenMs < truth.answeredMs - T.eps) report('I6', 'a command thought out before this connection');
      if (goal !== truth.goals) report('I6', `a command for goal ${goal} of ${truth.goals}`);
      if (seenMs < newestSeen) report('I8', 'a command that saw less than the one before');
      newestSeen = Math.max(newestSeen, seenMs);
      const slackMs = truth.timersLate ? STEP_MS : 0;
      const diedMs = truth.died.get(generation);
      if (diedMs !== undefined && worldMs - diedMs > T.crash + slackMs)
        report('I7', `motion ${worldMs - diedMs} ms after the mind died`);
      const hungMs = hungSinceMs(generation);
      if (hungMs !== undefined && worldMs - hungMs > T.hang + slackMs)
        report('I7', `motion ${worldMs - hungMs} ms into a hang`);
    },
    /** I4: as the gate decides, whether it leaves or not: no action changes faster than it may, nor its change. */
    judged(action: readonly number[], resting: boolean, bodyMs: number) {
      if (before.bodyMs < bodyMs) since = before;
      const dt = Math.min(STEP_MS, bodyMs - since.bodyMs) / 1000;
      const speeds = action.map((value, axis) => (resting || dt === 0 ? 0 : (value - since.action[axis]!) / dt));
      for (const [axis, speed] of speeds.entries()) {
        const most = spec.maxAcceleration?.[axis] ?? Number.POSITIVE_INFINITY;
        const gain = Math.abs(speed - since.speeds[axis]!);
        if (!resting && Math.abs(speed) > spec.maxRate[axis]! + T.eps)
          report('I4', `axis ${axis} changed by ${speed} a second for ${dt} s`);
        if (!resting && inside(action, axis) && inside(since.action, axis) && gain > most * dt + T.eps)
          report('I4', `axis ${axis} changed its speed by ${gain} in ${dt} s`);
      }
      // a hold may have ended in between, and motion set out from there: how fast it was is not known then
      const known = resting || !since.resting;
      before = { action, speeds: known ? speeds : speeds.map(() => Number.NaN), bodyMs, resting };
    },
    /** I3: at once after a press, the last command of a connection that answers is rest. */
    pressed(linkUp: boolean) {
      if (linkUp && last !== undefined && !still(last.action))
        report('I3', 'the e-stop was pressed, and no rest has left');
    },
    still,
  };

  function bounds({ action, bodyMs }: Sent, before: Sent | undefined): void {
    for (const [axis, value] of action.entries()) {
      if (!Number.isFinite(value)) report('I4', `axis ${axis} is ${value}`);
      if (value < spec.low[axis]! || value > spec.high[axis]!) report('I4', `axis ${axis} is ${value}, out of limits`);
      if (value === spec.rest[axis] || spec.maxRate[axis] === Number.POSITIVE_INFINITY) continue;
      const from = before?.action[axis] ?? spec.rest[axis]!;
      const all = bodyMs - (before?.bodyMs ?? Number.NEGATIVE_INFINITY);
      const dt = before !== undefined && since.bodyMs > before.bodyMs ? all : Math.min(STEP_MS, all);
      const most = (spec.maxRate[axis]! * Math.max(0, dt)) / 1000;
      // a command may follow others that could not leave: the one before is older then, or of the same moment; rest may lie between
      const unsent = since.bodyMs === before?.bodyMs ? since.action[axis]! : from;
      const step = Math.min(...[from, spec.rest[axis]!, unsent].map((start) => Math.abs(value - start)));
      if (step > most + 1e-9) report('I4', `axis ${axis} went from ${from} to ${value} in ${dt} ms`);
    }
  }
}

/** Keeps what is true of the camera. */
export function eyewitness(truth: Truth) {
  let bytes: Uint8Array | undefined;
  return ({ claimedMs, bytes: now, honest }: Shot, worldMs: number) => {
    if (claimedMs <= truth.honestMs || !honest || claimedMs > worldMs + AHEAD_MS) return;
    truth.honestMs = claimedMs;
    if (bytes === undefined || Buffer.compare(bytes, now) !== 0) truth.changedMs = claimedMs;
    bytes = now;
  };
}

/** Frames may seem to be taken so much ahead of now. */
const AHEAD_MS = 25;
