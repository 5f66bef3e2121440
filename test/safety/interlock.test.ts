import { describe, expect, test } from 'vitest';
import { pause, virtualClock } from '../../src/clock.ts';
import { type Check, interlock } from '../../src/safety/interlock.ts';
import { safetyLog } from '../../src/safety/safety-log.ts';

const clock = virtualClock();
const fine: Check = { name: 'limits', look: () => undefined };
const make = (checks: readonly Check[] = [fine]) => {
  const log = safetyLog({ clock });
  return { lock: interlock({ clock, checks, log }), log };
};
const settle = async <T>(answer: Promise<T>) => {
  await clock.advance(2000);
  return answer;
};

describe('the interlock', () => {
  test('boots disarmed; arming allows, disarming is always taken', async () => {
    const { lock } = make();
    expect(lock.state).toEqual({ armed: false, pressed: false, epoch: 0 });
    expect(await settle(lock.arm('me'))).toEqual({ done: true });
    expect(lock.state.armed).toBe(true);
    lock.disarm('me');
    lock.disarm('me');
    expect(lock.state.armed).toBe(false);
  });

  test('a press disarms; the reset must name the newest press; only then it can be armed again', async () => {
    const { lock, log } = make();
    await settle(lock.arm('me'));
    lock.press('the page');
    const { epoch } = lock.press('a signal');
    expect(lock.state).toEqual({ armed: false, pressed: true, epoch: 2 });
    expect(lock.reset(epoch - 1, 'late').done).toBe(false);
    expect((await settle(lock.arm('me'))).done).toBe(false);
    expect(lock.reset(epoch, 'me').done).toBe(true);
    expect(lock.state).toEqual({ armed: false, pressed: false, epoch: 2 });
    expect((await settle(lock.arm('me'))).done).toBe(true);
    expect(log.events.map(({ kind }) => kind)).toEqual([
      'armed',
      'e-stop pressed',
      'e-stop pressed',
      'reset refused',
      'arm refused',
      'e-stop reset',
      'armed',
    ]);
  });

  test('refuses to arm, and says why, when a check finds something, throws, or never answers', async () => {
    const { lock } = make([
      fine,
      { name: 'driver', look: async () => 'it does not answer' },
      { name: 'camera', look: () => Promise.reject(new Error('no frame yet')) },
      { name: 'model', look: () => new Promise(() => {}) },
    ]);
    const answer = await settle(lock.arm('me'));
    expect(answer).toEqual({
      done: false,
      refused: ['driver: it does not answer', 'camera: no frame yet', 'model: no answer within 1000 ms'],
    });
    expect(lock.state.armed).toBe(false);
  });

  test.each(['press', 'disarm'] as const)('a %s wins over an arming that is still being checked', async (what) => {
    const { lock } = make([{ name: 'slow', look: () => pause(100, clock).then(() => undefined) }]);
    const arming = lock.arm('me');
    await clock.advance(50);
    lock[what]('someone');
    if (what === 'press') lock.reset(1, 'someone'); // even one that is reset meanwhile
    expect((await settle(arming)).done).toBe(false);
    expect(lock.state.armed).toBe(false);
  });
});

test('the log keeps the newest events, and counts them all', () => {
  const log = safetyLog({ clock, kept: 3 });
  for (let i = 0; i < 20; i++) log.add({ kind: 'event', i });
  expect(log.events.length).toBeLessThanOrEqual(6);
  expect(log.events.at(-1)).toMatchObject({ kind: 'event', i: 19 });
  expect(log.counts.get('event')).toBe(20);
});
