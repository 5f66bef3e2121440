import type { Action, ActionSpec } from '../drivers/driver.ts';

/** Throws `TypeError` or `RangeError` unless the spec can be kept: equal lengths, numbers, low <= rest <= high, rates >= 0. */
export function checkSpec(spec: ActionSpec): void {
  const { low, high, rest, maxRate, names } = spec;
  const { maxAcceleration = maxRate, deadBand = maxRate } = spec;
  for (const [name, { length }] of Object.entries({ high, rest, maxRate, names, maxAcceleration, deadBand }))
    if (length !== low.length) throw new TypeError(`actionSpec.${name} must have ${low.length} entries, got ${length}`);
  for (let axis = 0; axis < low.length; axis++) {
    const [from, to, still] = [low[axis]!, high[axis]!, rest[axis]!];
    if (!(Number.isFinite(still) && from <= still && still <= to))
      throw new RangeError(`actionSpec.rest[${axis}] must be a number in [${from}, ${to}], got ${still}`);
    for (const [name, { [axis]: value }] of Object.entries({ maxRate, maxAcceleration, deadBand }))
      if (!(value! >= 0)) throw new RangeError(`actionSpec.${name}[${axis}] must be at least 0, got ${value}`);
  }
}

/** Each number of the action within [low, high], and at rest where it is no farther from rest than the dead band. */
export const clampAction = (action: Action, { low, high, rest, deadBand }: ActionSpec): Action =>
  action.map((value, axis) => {
    const inside = Math.min(high[axis]!, Math.max(low[axis]!, value)) + 0; // + 0: a minus zero is a zero
    return Math.abs(inside - rest[axis]!) <= (deadBand?.[axis] ?? 0) ? rest[axis]! : inside;
  });

/** An action in force, and how fast it is changing, per second. */
export type Moving = { readonly action: Action; readonly speed: Action };

/** At rest, and not about to change. */
export const atRest = ({ rest }: ActionSpec): Moving => ({ action: rest, speed: rest.map(() => 0) });

/**
 * As near to a wish (one within the limits) as may be after `dtMs`: the action changes by `maxRate` per second at most, and its
 * change by `maxAcceleration`; on the way it is slowed in time not to pass the wish. Times below 0 count as 0.
 */
export function approach(wish: Action, from: Moving, dtMs: number, spec: ActionSpec): Moving {
  const dt = Math.max(0, dtMs) / 1000;
  const steps = wish.map((target, axis) => {
    const [value, speed] = [from.action[axis]!, from.speed[axis]!];
    const acceleration = spec.maxAcceleration?.[axis] ?? Number.POSITIVE_INFINITY;
    const most = { rate: spec.maxRate[axis]!, acceleration };
    const next = change(target - value, speed, dt, most);
    const legal = Math.min(spec.high[axis]!, Math.max(spec.low[axis]!, value + next.step));
    return next.step === target - value ? { value: target, speed: next.speed } : { value: legal, speed: next.speed };
  });
  return { action: steps.map(({ value }) => value), speed: steps.map(({ speed }) => speed) };
}

type Most = { readonly rate: number; readonly acceleration: number };

/** How far to go towards something `way` off, and how fast that is. */
function change(way: number, speed: number, dt: number, { rate, acceleration }: Most) {
  if (rate === Number.POSITIVE_INFINITY && acceleration === Number.POSITIVE_INFINITY) return { step: way, speed: 0 };
  if (dt === 0) return { step: 0, speed };
  const most = Math.min(rate, speedThatStops(Math.abs(way), dt, acceleration));
  const wanted = Math.sign(way) * Math.min(most, Math.abs(way) / dt);
  const gain = acceleration * dt;
  const next = Math.min(speed + gain, Math.max(speed - gain, wanted));
  return { step: next === way / dt ? way : next * dt, speed: next };
}

/** The highest speed from which, after `dt` of it, stopping within `way` is still possible. */
function speedThatStops(way: number, dt: number, acceleration: number): number {
  if (acceleration === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const lost = acceleration * dt;
  return Math.sqrt(lost * lost + 2 * acceleration * way) - lost;
}
