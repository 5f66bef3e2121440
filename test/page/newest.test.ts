import { expect, it } from 'vitest';
import { virtualClock } from '../../src/clock.ts';
import { newest } from '../../src/page/newest.ts';

it('hands on the first at once, then one per period, merged with what it overtook', async () => {
  const clock = virtualClock();
  const handed: [number, string][] = [];
  const stream = newest<string>(
    (v) => handed.push([clock.now(), v]),
    100,
    (a, b) => a + b,
    clock,
  );
  stream.offer('a');
  expect(handed).toEqual([[0, 'a']]);
  stream.offer('b');
  stream.offer('c');
  await clock.run(99);
  expect(handed).toHaveLength(1);
  await clock.run(150);
  stream.offer('d');
  await clock.run(1000);
  stream.offer('e');
  expect(handed).toEqual([
    [0, 'a'],
    [100, 'bc'],
    [200, 'd'],
    [1000, 'e'],
  ]);
});

it('has its last word when it is closed, and says nothing after it', async () => {
  const clock = virtualClock();
  const handed: number[] = [];
  const stream = newest<number>((v) => handed.push(v), 100, undefined, clock);
  stream.offer(1);
  stream.offer(2);
  stream.close();
  stream.offer(3);
  await clock.run(1000);
  expect(handed).toEqual([1, 2]);
});
