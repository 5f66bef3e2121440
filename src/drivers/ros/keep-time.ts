import type { Subscription } from 'rxjs';
import type { Clock } from '../../clock.ts';
import type { Bridge } from './bridge.ts';
import { readStamp } from './stamp.ts';
import type { StampClock } from './stamp-clock.ts';

/** Asks the robot for its time: now, every few seconds, and soon again when stamps look strange or the answer was slow. */
export function keepTime(bridge: Pick<Bridge, 'call' | 'connected'>, stamps: StampClock, clock: Clock): Subscription {
  let asking = false;
  let able = true;
  let exact = false;
  let askedMs = Number.NEGATIVE_INFINITY;
  const ask = async () => {
    asking = true;
    askedMs = clock.now();
    try {
      const answer = (await bridge.call('/rosapi/get_time', {}, 1000)) as { time?: unknown } | null;
      const receivedMs = clock.now();
      const robotMs = readStamp(answer?.time);
      if (robotMs !== undefined) exact = stamps.sync(robotMs, (askedMs + receivedMs) / 2, (receivedMs - askedMs) / 2);
    } catch (error) {
      if (/does not exist/.test(String(error))) able = false;
    }
    asking = false;
  };
  return clock.schedule(function () {
    const dueMs = askedMs + (stamps.doubtful || !exact ? 500 : 5000);
    if (able && !asking && bridge.connected && clock.now() >= dueMs) void ask();
    this.schedule(undefined, 250);
  }) as Subscription;
}
