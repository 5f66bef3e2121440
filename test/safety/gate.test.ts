import { describe, expect, test } from 'vitest';
import type { ActionSpec } from '../../src/drivers/driver.ts';
import { seeded } from '../../src/random.ts';
import { type GateEvent, gate, type Verdict } from '../../src/safety/gate.ts';
import { type RestReason, rests } from '../../src/safety/reasons.ts';

const spec: ActionSpec = { low: [-1], high: [1], rest: [0], maxRate: [Number.POSITIVE_INFINITY], names: ['v'] };
const wish = (
  timeMs: number,
  action: readonly number[],
  { seenMs = timeMs, untilMs = timeMs + 1000 } = {},
): GateEvent => ({
  kind: 'wish',
  wish: { action, untilMs, seenMs },
  timeMs,
});
const hold = (timeMs: number, reason: RestReason, on: boolean): GateEvent => ({ kind: 'hold', reason, on, timeMs });

describe('the gate', () => {
  test('what was thought out from before a hold ended is never followed', () => {
    const g = gate(spec);
    expect(g.tell(wish(10, [1]))?.action).toEqual([1]);
    expect(g.tell(hold(20, 'link lost', true))).toEqual({ timeMs: 20, action: [0], reason: 'link lost' });
    expect(g.tell(wish(30, [1]))).toBeUndefined();
    expect(g.tell(hold(40, 'link lost', false))).toBeUndefined();
    expect(g.tell(wish(50, [1], { seenMs: 39 }))).toBeUndefined();
    expect(g.tell(wish(60, [1], { seenMs: 45 }))?.action).toEqual([1]);
  });

  test('the frame that ends a fault of the camera may be moved on, those before it may not', () => {
    const g = gate(spec);
    g.tell(wish(0, [1]));
    g.tell(hold(300, 'stale frame', true));
    g.tell(hold(400, 'stale frame', false)); // by a frame taken at 395
    expect(g.tell(wish(410, [1], { seenMs: 250 }))).toBeUndefined();
    expect(g.tell(wish(420, [1], { seenMs: 395 }))?.action).toEqual([1]);
  });

  test('the strongest reason is told', () => {
    const g = gate(spec);
    g.tell(hold(0, 'stale frame', true));
    expect(g.tell(hold(1, 'e-stop', true))?.reason).toBe('e-stop');
    expect(g.tell(hold(2, 'link lost', true))?.reason).toBe('e-stop');
    expect(g.held).toBe('e-stop');
    g.tell(hold(3, 'e-stop', false));
    expect(g.tell({ kind: 'tick', timeMs: 4 })?.reason).toBe('link lost');
  });

  test('a wish ends when it says so, and after the silence at the latest', () => {
    const g = gate(spec, { silenceMs: 200 });
    g.tell(wish(0, [1], { untilMs: 50 }));
    expect(g.dueMs).toBe(50);
    expect(g.tell({ kind: 'tick', timeMs: 49 })?.action).toEqual([1]);
    expect(g.tell({ kind: 'tick', timeMs: 50 })).toMatchObject({ action: [0], reason: 'silence' });
    g.tell(wish(60, [1], { untilMs: 9999 }));
    expect(g.dueMs).toBe(260);
    expect(g.tell(wish(70, [0.5], { untilMs: 70 }))).toBeUndefined(); // it has ended before it came
  });

  test('the same events give the same verdicts, to the bit', () => {
    const events = script(1, 2000).events;
    const play = () => {
      const g = gate(axes());
      return JSON.stringify(events.map((event) => g.tell(event)));
    };
    expect(play()).toBe(play());
  });
});

const axes = (): ActionSpec => ({
  low: [-1, -0.5, -2],
  high: [1, 0.5, 3],
  rest: [0, 0, 0],
  maxRate: [2, 0.5, Number.POSITIVE_INFINITY],
  maxAcceleration: [20, Number.POSITIVE_INFINITY, 50],
  deadBand: [0.01, 0, 0.05],
  names: ['x', 'y', 'z'],
});

const hostile = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  null,
  undefined,
  -0,
  5e-324,
  1e308,
  -1e308,
  '1',
  {},
] as readonly unknown[];

/** Commands as a broken mind may send them: nonsense, gaps of nothing, of hours, and backwards. */
function script(seed: number, length: number) {
  const random = seeded(seed);
  const reasons = Object.keys(rests).filter((reason) => reason !== 'end') as RestReason[];
  const pick = <T>(list: readonly T[]) => list[random.integer(list.length)]!;
  const events: GateEvent[] = [];
  let timeMs = 0;
  for (let i = 0; i < length; i++) {
    timeMs += pick([0, 0, 1, 20, 50, 50, 50, 100, 250, -30, 3_600_000, random.uniform() * 100]);
    const number = () => (random.uniform() < 0.1 ? pick(hostile) : random.normal() * 2) as number;
    const count = random.uniform() < 0.03 ? random.integer(5) : 3;
    const action = Array.from({ length: count }, number);
    const kind = random.uniform();
    if (kind < 0.75)
      events.push(
        wish(timeMs, action, { seenMs: timeMs - random.uniform() * 100, untilMs: timeMs + 500 * random.uniform() }),
      );
    else if (kind < 0.97) events.push({ kind: 'tick', timeMs });
    else if (kind < 0.995) events.push(hold(timeMs, pick(reasons), random.uniform() < 0.07));
    else events.push({ kind: 'drop', reason: 'mind lost', timeMs });
  }
  return { events };
}

test('100,000 hostile commands: finite, within limits, rates and accelerations; what is no number rests, and says so', () => {
  const one = axes();
  const seen = { verdicts: 0, moved: 0, notFinite: 0 };
  for (let seed = 0; seed < 100; seed++) {
    const g = gate(one, { silenceMs: 200 });
    let said: Verdict = {
      timeMs: 0,
      action: one.rest,
      reason: 'silence',
    };
    let before = { ...said, timeMs: -200 };
    for (const event of script(seed, 1000).events) {
      const held = g.held;
      const verdict = g.tell(event);
      if (event.kind === 'wish' && held === undefined && verdict !== undefined) {
        const { action } = event.wish;
        if (action.length !== 3) expect(verdict.reason).toBe(action.length === 0 ? 'silence' : 'wrong length');
        else if (!action.every((value) => Number.isFinite(value))) {
          expect(verdict).toMatchObject({ action: one.rest, reason: 'not finite' });
          seen.notFinite++;
        }
      }
      if (verdict === undefined) continue;
      seen.verdicts++;
      if (verdict.timeMs > said.timeMs) before = said;
      const dt = Math.max(0, Math.min(200, verdict.timeMs - before.timeMs)) / 1000;
      const resting = verdict.reason in rests;
      if (resting) expect(verdict.action).toBe(one.rest);
      else
        verdict.action.forEach((value, i) => {
          seen.moved++;
          const wrong =
            !Number.isFinite(value) ||
            value < one.low[i]! ||
            value > one.high[i]! ||
            Math.abs(value - before.action[i]!) > one.maxRate[i]! * dt * (1 + 1e-9) + 1e-12;
          if (wrong) expect.fail(`seed ${seed}: ${value} on axis ${i} after ${before.action[i]} in ${dt} s`);
        });
      said = verdict;
    }
  }
  expect(seen.moved).toBeGreaterThan(30_000);
  expect(seen.notFinite).toBeGreaterThan(1000);
});
