import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/drivers/driver.ts';
import { frameWatch } from '../../src/safety/frame-watch.ts';

const side = 8;
const seen = (timeMs: number, shade: number | 'black' = timeMs): Observation => {
  const data = new Uint8Array(side * side * 3);
  if (shade !== 'black') for (let i = 0; i < data.length; i++) data[i] = (i * 7 + shade) % 256;
  return { timeMs, action: [0], frames: { eye: { width: side, height: side, data } } };
};

describe('the frame watch', () => {
  test('nothing seen yet is a fault', () => expect(frameWatch().fault(0)).toBe('stale frame'));

  test('a frame is good until it is too old, by when it was taken', () => {
    const watch = frameWatch({ staleMs: 300 });
    expect(watch.see(seen(100), 250)).toBeUndefined();
    expect(watch.fault(399)).toBeUndefined();
    expect(watch.fault(400)).toBe('stale frame');
    expect(watch.see(seen(410), 411)).toBeUndefined();
    expect(watch.fault(411)).toBeUndefined();
  });

  test('only newer frames count: neither repeated nor reordered ones, nor those of the future', () => {
    const watch = frameWatch();
    watch.see(seen(100), 100);
    expect(watch.see(seen(100), 110)).toBe('out of order');
    expect(watch.see(seen(90), 120)).toBe('out of order');
    expect(watch.see(seen(500), 130)).toBe('future frame');
    expect(watch.see(seen(Number.NaN), 130)).toBe('future frame');
    const small = { width: 1, height: 1, data: new Uint8Array(3) };
    expect(watch.see({ ...seen(131), frames: { eye: small } }, 131)).toBe('another size');
    expect(watch.counts).toEqual({ used: 1, rejected: 5 });
    expect(watch.fault(401)).toBe('future frame');
    expect(watch.see(seen(402), 403)).toBeUndefined();
    expect(watch.fault(403)).toBeUndefined();
  });

  test('the same bytes for too long are a frozen camera, until they change', () => {
    const watch = frameWatch({ identicalMs: 500 });
    for (let at = 0; at < 500; at += 100) expect(watch.see(seen(at, 1), at)).toBeUndefined();
    expect(watch.fault(499)).toBeUndefined();
    expect(watch.fault(500)).toBe('frozen frame');
    expect(watch.see(seen(500, 1), 500)).toBe('frozen frame');
    expect(watch.see(seen(600, 2), 600)).toBeUndefined();
    expect(watch.fault(600)).toBeUndefined();
  });

  test('a picture that was turned away is as old as then when it is let in', () => {
    const watch = frameWatch({ identicalMs: 500 });
    watch.see(seen(1000, 1), 1000);
    expect(watch.see(seen(400, 2), 1100)).toBe('out of order'); // its stamp lies
    expect(watch.see(seen(1200, 2), 1200)).toBeUndefined();
    expect(watch.dueMs).toBe(1500);
    expect(watch.fault(1599)).toBe('stale frame');
    expect(watch.see(seen(1590, 2), 1599)).toBeUndefined();
    expect(watch.fault(1600)).toBe('frozen frame');
  });

  test('a picture that was turned away is forgotten once others have been let in', () => {
    const watch = frameWatch({ identicalMs: 500 });
    watch.see(seen(1000, 1), 1000);
    watch.see(seen(400, 2), 1100);
    watch.see(seen(1200, 3), 1200);
    watch.see(seen(2000, 2), 2000); // the robot is back where it was
    expect(watch.fault(2000)).toBeUndefined();
    expect(watch.dueMs).toBe(2300);
  });

  test('a frame of one colour shows nothing, one that does not is looked at again', () => {
    const watch = frameWatch();
    watch.see(seen(0), 0);
    for (let at = 50; at <= 350; at += 50) expect(watch.see(seen(at, 'black'), at)).toBe('blind frame');
    expect(watch.fault(350)).toBe('blind frame');
    expect(watch.see(seen(400), 400)).toBeUndefined();
    expect(watch.fault(400)).toBeUndefined();
  });

  test('says when it would become a fault', () => {
    const watch = frameWatch({ staleMs: 300, identicalMs: 500 });
    expect(watch.dueMs).toBe(Number.POSITIVE_INFINITY);
    watch.see(seen(100, 1), 100);
    expect(watch.dueMs).toBe(400);
    watch.see(seen(390, 1), 390);
    expect(watch.dueMs).toBe(600);
  });

  test('observations without frames change nothing', () => {
    const watch = frameWatch();
    expect(watch.see({ timeMs: 5, frames: {}, action: [0] }, 5)).toBeUndefined();
    expect(watch.fault(5)).toBe('stale frame');
  });
});
