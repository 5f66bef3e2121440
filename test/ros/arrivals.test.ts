import { describe, expect, it } from 'vitest';
import { type Arrival, after, agesMs, gapsMs, isRest, mostWithin, staleAfter, type Twist } from './arrivals.ts';

const at = (monotonicMs: number, x: number): Arrival<Twist> => ({
  monotonicMs,
  wallMs: 0,
  message: { linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } },
});
const arrivals = [at(0, 1), at(50, 1), at(120, 0), at(121, 2), at(122, 0)];

describe('arrivals', () => {
  it('are stale when they move after a moment', () => {
    expect(after(arrivals, 50)).toEqual(arrivals.slice(2));
    expect(staleAfter(arrivals, 50)).toEqual([arrivals[3]]);
    expect(staleAfter(arrivals, 121)).toEqual([]);
  });

  it('rest when nothing moves, stamped or not', () => {
    const header = { seq: 0, stamp: { secs: 0, nsecs: 0 }, frame_id: '' };
    expect(arrivals.map(isRest)).toEqual([false, false, true, false, true]);
    for (const { message, ...arrival } of arrivals)
      expect(isRest({ ...arrival, message: { header, twist: message } })).toBe(message.linear.x === 0);
  });

  it('have silences, ages and bursts', () => {
    expect(gapsMs(arrivals)).toEqual([50, 70, 1, 1]);
    expect(agesMs(arrivals, ({ linear }) => 10 * linear.x)).toEqual([-10, 40, 120, 101, 122]);
    expect(mostWithin(arrivals, 10)).toBe(3);
    expect(mostWithin(arrivals, 75)).toBe(4);
    expect(mostWithin([], 10)).toBe(0);
  });
});
