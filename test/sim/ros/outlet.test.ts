import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Outlet, type OutletOptions, outlet } from '../../../sim/ros/outlet.ts';
import { type VirtualClock, virtualClock } from '../../../src/clock.ts';

type Sent = { readonly timeMs: number; readonly message: number };

function rig(given: Partial<OutletOptions<number>> = {}) {
  const clock = virtualClock();
  const sent: Sent[] = [];
  const pending: (() => void)[] = [];
  const out = outlet<number>({
    clock,
    full: () => false,
    patient: false,
    send: (message, done) => {
      sent.push({ timeMs: clock.now(), message });
      pending.push(done);
    },
    ...given,
  });
  return { clock, sent, pending, out };
}

/** A message every so often, each the time it was made at. */
function source(clock: VirtualClock, out: Outlet<number>, everyMs: number) {
  clock.schedule(function () {
    out.offer(clock.now());
    this.schedule(undefined, everyMs);
  });
}

const gaps = (sent: readonly Sent[]) => sent.slice(1).map(({ timeMs }, i) => timeMs - sent[i]!.timeMs);

describe('what a subscription sends', () => {
  test('is everything, at once, unless asked otherwise', async () => {
    const { clock, sent, out } = rig();
    source(clock, out, 33);
    await clock.run(3300);
    expect(sent).toHaveLength(101);
    expect(sent.every(({ timeMs, message }) => timeMs === message)).toBe(true);
  });

  test('with a queue of one is exactly as fast as the throttle, and always the newest', async () => {
    const { clock, sent, out } = rig();
    out.pace({ throttleMs: 100, queueLength: 1 });
    source(clock, out, 33);
    await clock.run(10_000);
    expect(sent).toHaveLength(101);
    expect(gaps(sent).every((gap) => Math.abs(gap - 100) < 1e-6)).toBe(true);
    expect(sent.every(({ timeMs, message }) => timeMs - message <= 33)).toBe(true);
  });

  test('without a queue waits for the next message after the throttle', async () => {
    const { clock, sent, out } = rig();
    out.pace({ throttleMs: 100, queueLength: 0 });
    source(clock, out, 33);
    await clock.run(3300);
    expect(new Set(gaps(sent))).toEqual(new Set([132]));
  });

  test('with a longer queue grows old', async () => {
    const { clock, sent, out } = rig();
    out.pace({ throttleMs: 100, queueLength: 10 });
    source(clock, out, 25);
    await clock.run(5000);
    const ages = sent.map(({ timeMs, message }) => timeMs - message);
    expect(Math.max(...ages)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...ages)).toBeLessThanOrEqual(250);
    expect(out.dropped).toBeGreaterThan(100);
  });

  test('keeps the distance and the order for any throttle, queue and source', async () => {
    const times = fc.record({
      throttleMs: fc.integer({ min: 1, max: 300 }),
      queueLength: fc.integer({ min: 0, max: 5 }),
      everyMs: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(times, async ({ throttleMs, queueLength, everyMs }) => {
        const { clock, sent, out } = rig();
        out.pace({ throttleMs, queueLength });
        source(clock, out, everyMs);
        await clock.run(30 * Math.max(throttleMs, everyMs));
        expect(sent.length).toBeGreaterThan(10);
        expect(gaps(sent).every((gap) => gap >= throttleMs - 1e-6)).toBe(true);
        const messages = sent.map(({ message }) => message);
        expect(messages).toEqual([...new Set(messages)].sort((a, b) => a - b));
        out.close();
      }),
      { numRuns: 20 },
    );
  });

  test('to a slow reader with a queue of one is the newest, one at a time', async () => {
    const { clock, sent, pending, out } = rig({ patient: true });
    out.pace({ throttleMs: 0, queueLength: 1 });
    source(clock, out, 10);
    await clock.run(500);
    expect(sent.map(({ message }) => message)).toEqual([0]);
    pending.shift()!();
    expect(sent.map(({ message }) => message)).toEqual([0, 500]);
    expect(out.dropped).toBe(49);
  });

  test('to a full line without a queue is left out', async () => {
    let full = true;
    const { clock, sent, out } = rig({ full: () => full });
    source(clock, out, 10);
    await clock.run(100);
    expect({ sent: sent.length, dropped: out.dropped }).toEqual({ sent: 0, dropped: 11 });
    full = false;
    await clock.run(110);
    expect(sent.map(({ message }) => message)).toEqual([110]);
  });

  test('after the end is nothing', async () => {
    const { clock, sent, out } = rig();
    out.pace({ throttleMs: 100, queueLength: 1 });
    out.offer(1);
    out.offer(2);
    out.close();
    out.offer(3);
    await clock.run(1000);
    expect(sent.map(({ message }) => message)).toEqual([1]);
  });
});
