import type { Action, ActionSpec } from '../drivers/driver.ts';

/** Throws `TypeError` or `RangeError` unless the spec can be kept: equal lengths, numbers, low <= rest <= high, rates >= 0. */
export function checkSpec({ low, high, rest, maxRate, names }: ActionSpec): void {
  for (const [name, { length }] of Object.entries({ high, rest, maxRate, names }))
    if (length !== low.length) throw new TypeError(`actionSpec.${name} must have ${low.length} entries, got ${length}`);
  for (let axis = 0; axis < low.length; axis++) {
    const [from, to, still, rate] = [low[axis]!, high[axis]!, rest[axis]!, maxRate[axis]!];
    if (!(Number.isFinite(still) && from <= still && still <= to))
      throw new RangeError(`actionSpec.rest[${axis}] must be a number in [${from}, ${to}], got ${still}`);
    if (!(rate >= 0)) throw new RangeError(`actionSpec.maxRate[${axis}] must be at least 0, got ${rate}`);
  }
}

/** Into the limits: each number of the action within [low, high]. */
export const clampAction = (action: Action, { low, high }: ActionSpec): Action =>
  action.map((value, axis) => Math.min(high[axis]!, Math.max(low[axis]!, value)));

/** No faster than allowed: at most `maxRate * dtMs / 1000` away from the last action. `Infinity` allows anything. */
export const limitRate = (action: Action, last: Action, dtMs: number, { maxRate }: ActionSpec): Action =>
  action.map((value, axis) => {
    const rate = maxRate[axis]!;
    if (rate === Number.POSITIVE_INFINITY) return value;
    const step = (rate * Math.max(0, dtMs)) / 1000;
    return Math.min(last[axis]! + step, Math.max(last[axis]! - step, value));
  });
