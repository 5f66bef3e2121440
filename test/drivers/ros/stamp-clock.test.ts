import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StampClock, stampClock } from '../../../src/drivers/ros/stamp-clock.ts';

/** Messages measured at `ms`, on their way for `delayMs`; what the clock says of each, beside the truth. */
type Sent = { readonly ms: number; readonly delayMs: number };
const stream = (gaps: readonly number[], delays: readonly number[]): Sent[] => {
  let ms = 0;
  let lastMs = 0;
  return gaps.map((gap, i) => {
    ms += gap;
    lastMs = Math.max(lastMs, ms + delays[i % delays.length]!); // in order, as TCP brings them
    return { ms, delayMs: lastMs - ms };
  });
};
const dated = (stamps: StampClock, sent: readonly Sent[], robotTime: (ms: number) => number) =>
  sent.map(({ ms, delayMs }) => ({ ms, receivedMs: ms + delayMs, date: stamps.date(robotTime(ms), ms + delayMs) }));

const messages = fc
  .tuple(fc.array(fc.double({ min: 1, max: 200, noNaN: true }), { minLength: 2, maxLength: 60 }), delays(80))
  .map(([gaps, waits]) => stream(gaps, waits));
function delays(most: number) {
  return fc.array(fc.double({ min: 0, max: most, noNaN: true }), { minLength: 1, maxLength: 60 });
}
/** How far the robot's clock is ahead: years, or nothing. */
const ahead = fc.double({ min: -3e11, max: 3e11, noNaN: true });
const NEAR = 1e-3; // what doubles of this size leave of a ms

describe('without ever asking', () => {
  test('a message without a stamp is from when it came', () => {
    const stamps = stampClock();
    expect(stamps.date(undefined, 5)).toBe(5);
    expect(stamps.robotTime(5)).toBeUndefined();
    expect(stamps.doubtful).toBe(false);
  });

  test('a message is never dated after it came, nor before it was made; off by the quickest way so far at most', () => {
    fc.assert(
      fc.property(messages, ahead, (sent, offset) => {
        let least = Number.POSITIVE_INFINITY;
        for (const [i, { ms, receivedMs, date }] of dated(stampClock(), sent, (ms) => ms + offset).entries()) {
          least = Math.min(least, sent[i]!.delayMs);
          expect(date).toBeLessThanOrEqual(receivedMs + NEAR);
          expect(date).toBeGreaterThanOrEqual(ms - NEAR);
          expect(date - ms).toBeLessThanOrEqual(least + 2e-4 * receivedMs + 2 * NEAR);
        }
      }),
    );
  });

  test('a queue that builds up on the way is seen as age', () => {
    const stamps = stampClock();
    stamps.date(1e12, 2);
    const ages = [100, 200, 300].map((i) => i + 10 * i + 2 - stamps.date(1e12 + i, i + 10 * i + 2));
    for (const [i, age] of ages.entries()) expect(Math.abs(age - 1000 * (i + 1))).toBeLessThan(2);
  });

  test('a clock that runs away by 100 parts in a million is followed for a day', () => {
    for (const rate of [1 + 1e-4, 1 - 1e-4]) {
      const stamps = stampClock();
      for (let ms = 0; ms < 86_400_000; ms += 60_000) {
        const delayMs = 3 + ((ms / 60_000) % 7);
        const date = stamps.date(1e12 + ms * rate, ms + delayMs);
        expect(date).toBeLessThanOrEqual(ms + delayMs + NEAR);
        expect(ms - date).toBeLessThan(60_000 * 3e-4 * 10);
        expect(stamps.doubtful).toBe(false);
      }
    }
  });
});

describe('having asked', () => {
  test('a message is dated within what the answer left open, twice over', () => {
    const errors = fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(messages, ahead, errors, fc.boolean(), (sent, offset, [errorMs, part], late) => {
        const stamps = stampClock();
        if (late) stamps.date(5 + offset, 5 + 70);
        expect(stamps.sync(offset + part * errorMs, 0, errorMs)).toBe(true);
        for (const { ms, receivedMs, date } of dated(stamps, sent, (ms) => ms + offset)) {
          expect(Math.abs(date - ms)).toBeLessThanOrEqual(2 * errorMs + 2 * NEAR);
          expect(date).toBeLessThanOrEqual(receivedMs + NEAR);
        }
        expect(Math.abs(stamps.robotTime(1000)! - (1000 + offset))).toBeLessThanOrEqual(errorMs + 2 * NEAR);
      }),
    );
  });

  test('the sharper answer counts, until it has grown old', () => {
    const stamps = stampClock();
    stamps.sync(1000, 0, 2);
    stamps.sync(1005.5, 0, 4); // says the same, less exactly
    expect(stamps.robotTime(0)).toBe(1000);
    stamps.sync(1001, 0, 1);
    expect(stamps.robotTime(0)).toBe(1001);
    stamps.sync(61_004, 60_000, 4);
    expect(stamps.robotTime(60_000)).toBe(61_004);
  });

  test('an answer that took too long, or none, counts for nothing', () => {
    const stamps = stampClock();
    for (const errorMs of [50.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(stamps.sync(1000, 0, errorMs)).toBe(false);
      expect(stamps.robotTime(0)).toBeUndefined();
    }
    expect(stamps.sync(1000, 0, 50)).toBe(true);
  });
});

describe('when the robot’s clock jumps', () => {
  test.each([-3.6e6, -400, 400, 3.6e6])('by %d ms, two messages show it, and an answer mends it', (jumpMs) => {
    for (const asked of [true, false]) {
      const stamps = stampClock();
      if (asked) stamps.sync(1e12, 0, 1);
      for (let ms = 50; ms < 1000; ms += 50) stamps.date(1e12 + ms, ms + 2);
      expect(stamps.doubtful).toBe(false);
      const first = stamps.date(1e12 + 1000 + jumpMs, 1002);
      expect(Math.abs(first - 1000 - jumpMs)).toBeLessThan(3); // of another time, and so not to be moved on
      expect(stamps.doubtful).toBe(false);
      stamps.date(1e12 + 1050 + jumpMs, 1052);
      expect(stamps.doubtful).toBe(true);
      stamps.sync(1e12 + 1100 + jumpMs, 1100, 1);
      expect(stamps.doubtful).toBe(false);
      expect(Math.abs(stamps.date(1e12 + 1150 + jumpMs, 1152) - 1150)).toBeLessThanOrEqual(2);
      expect(stamps.robotTime(1150)).toBeCloseTo(1e12 + 1150 + jumpMs, 0);
    }
  });

  test('one strange stamp among good ones is no reason to ask', () => {
    const stamps = stampClock();
    for (let ms = 0; ms < 2000; ms += 50) {
      stamps.date(1e12 + ms + (ms % 200 === 100 ? 9e5 : 0), ms + 2);
      expect(stamps.doubtful).toBe(false);
    }
  });
});
