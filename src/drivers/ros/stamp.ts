import type { RosVersion } from './version.ts';

export type Stamp1 = { readonly secs: number; readonly nsecs: number };
export type Stamp2 = { readonly sec: number; readonly nanosec: number };
export type Stamp = Stamp1 | Stamp2;
export type Header = { readonly seq?: number; readonly stamp: Stamp; readonly frame_id: string };

/** Milliseconds since the epoch of a ROS 1 or ROS 2 stamp; `undefined` when there is none, it is not one, or it is 0. */
export function readStamp(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const [seconds, nanoseconds] = Object.hasOwn(fields, 'secs')
    ? [fields.secs, fields.nsecs]
    : [fields.sec, fields.nanosec];
  const [s, ns] = [whole(seconds, 2 ** 32), whole(nanoseconds, 1e9)];
  return s === undefined || ns === undefined || (s === 0 && ns === 0) ? undefined : s * 1e3 + ns / 1e6;
}

/** A stamp, or a duration, of this many milliseconds. Throws `RangeError` when it cannot be written. */
export function writeStamp(ms: number, version: RosVersion): Stamp {
  const most = (version === 1 ? 2 ** 32 : 2 ** 31) * 1e3 - 1;
  if (!(ms >= 0 && ms <= most)) throw new RangeError(`ms must be from 0 to ${most}, got ${ms}`);
  const whole = Math.floor(ms / 1e3);
  const rest = Math.round((ms - whole * 1e3) * 1e6);
  const [s, ns] = rest < 1e9 ? [whole, rest] : [whole + 1, 0];
  return version === 1 ? { secs: s, nsecs: ns } : { sec: s, nanosec: ns };
}

export type HeaderOptions = { readonly timeMs: number; readonly frameId: string; readonly version: RosVersion };

/** A `std_msgs/Header`: ROS 1 counts in `seq`, which the server sets; ROS 2 has none and refuses one. */
export function header({ timeMs, frameId, version }: HeaderOptions): Header {
  const stamp = writeStamp(timeMs, version);
  return version === 1 ? { seq: 0, stamp, frame_id: frameId } : { stamp, frame_id: frameId };
}

/** When a message was stamped, ms since the epoch; `undefined` when it was not. */
export function stampOf(message: Readonly<Record<string, unknown>>): number | undefined {
  const head = message.header;
  return typeof head === 'object' && head !== null ? readStamp((head as Record<string, unknown>).stamp) : undefined;
}

function whole(value: unknown, below: number): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < below ? number : undefined;
}
