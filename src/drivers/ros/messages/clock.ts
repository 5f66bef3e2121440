import { bad, field, fieldsOf } from '../check.ts';
import { readStamp } from '../stamp.ts';

/** ROS time, ms, of a `rosgraph_msgs/Clock`; a simulation may begin at 0. Throws `BadMessage`. */
export function readClock(message: unknown): number {
  const clock = fieldsOf(field(fieldsOf(message, 'the Clock'), 'clock'), 'clock');
  const timeMs = readStamp(clock);
  if (timeMs !== undefined) return timeMs;
  const zero = (seconds: string, rest: string) => field(clock, seconds) === 0 && field(clock, rest) === 0;
  if (zero('secs', 'nsecs') || zero('sec', 'nanosec')) return 0;
  throw bad('clock', 'a stamp ({secs, nsecs} or {sec, nanosec})', clock);
}
