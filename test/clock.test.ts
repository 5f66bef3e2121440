import { setTimeout as sleep } from 'node:timers/promises';
import { interval, observeOn, of, take, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { pause, realClock, virtualClock } from '../src/clock.ts';

describe('a virtual clock', () => {
  test('moves only when it is run, and stops where it was told to', async () => {
    const clock = virtualClock(100);
    const rung: number[] = [];
    clock.schedule(() => rung.push(clock.now()), 30);
    expect(rung).toEqual([]);
    await clock.run(129);
    expect([clock.now(), ...rung]).toEqual([129]);
    await clock.advance(1);
    expect([clock.now(), ...rung]).toEqual([130, 130]);
    await clock.run(50); // never back
    expect(clock.now()).toBe(130);
  });

  test('runs what is due in order of time, then of scheduling', async () => {
    const clock = virtualClock();
    const order: string[] = [];
    clock.schedule(() => order.push('c'), 20);
    clock.schedule(() => order.push('a'), 10);
    clock.schedule(() => order.push('b'), 10);
    await clock.run(100);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('drives rxjs: repetition, cancellation, observeOn', async () => {
    const clock = virtualClock();
    const seen: unknown[] = [];
    const ticks = interval(10, clock).subscribe(() => seen.push(clock.now()));
    timer(35, clock).subscribe(() => ticks.unsubscribe());
    of('here')
      .pipe(observeOn(clock))
      .subscribe((word) => seen.push(word));
    await clock.run(1000);
    expect(seen).toEqual(['here', 10, 20, 30]);
  });

  test('stands still while tracked work goes on, however long that takes', async () => {
    const clock = virtualClock();
    const log: string[] = [];
    clock.schedule(() => log.push('next'), 1);
    const think = async () => {
      await clock.track(sleep(20));
      log.push(`thought at ${clock.now()}`);
      await clock.track(sleep(20));
      log.push(`and again at ${clock.now()}`);
      await pause(3, clock);
      log.push(`spoke at ${clock.now()}`);
    };
    void think();
    await clock.run(10);
    expect(log).toEqual(['thought at 0', 'and again at 0', 'next', 'spoke at 3']);
  });

  test('goes on after tracked work that failed', async () => {
    const clock = virtualClock();
    const failed = clock.track(Promise.reject(new Error('no'))).catch(() => 'no');
    await clock.run(5);
    expect(await failed).toBe('no');
    expect(clock.now()).toBe(5);
  });

  test('an error in what is due is an error of the run; two runs at a time are a mistake', async () => {
    const clock = virtualClock();
    clock.schedule(() => {
      throw new Error('broken');
    }, 5);
    const run = clock.run(10);
    await expect(clock.run(10)).rejects.toThrow(TypeError);
    await expect(run).rejects.toThrow('broken');
    await clock.run(10);
    expect(clock.now()).toBe(10);
  });
});

test('a real clock goes forward, and any two agree', async () => {
  const clock = realClock();
  const before = clock.now();
  const ticks = await new Promise<number[]>((resolve) => {
    const times: number[] = [];
    interval(5, clock)
      .pipe(take(3))
      .subscribe({ next: () => times.push(clock.now()), complete: () => resolve(times) });
  });
  const all = [before, ...ticks];
  expect([...all].sort((a, b) => a - b)).toEqual(all);
  expect(Math.abs(clock.now() - realClock().now())).toBeLessThan(1000);
  expect(await clock.track(Promise.resolve(7))).toBe(7);
});
