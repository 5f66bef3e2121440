import { expect, test } from 'vitest';
import { mailbox } from '../../src/agent/mailbox.ts';
import type { Observation } from '../../src/drivers/driver.ts';

const seen = (timeMs: number): Observation => ({ timeMs, action: [timeMs], frames: {} });

test('while the last one has not been taken, only the newest waits; of the others, the actions are kept', () => {
  const sent: [number, number[]][] = [];
  const box = mailbox(({ timeMs }, missed) => sent.push([timeMs, missed.map(({ action }) => action[0]!)]), 3);
  box.put(seen(1));
  for (const timeMs of [2, 3, 4, 5, 6, 7]) box.put(seen(timeMs));
  expect(sent).toEqual([[1, []]]);
  box.taken();
  expect(sent.at(-1)).toEqual([7, [4, 5, 6]]);
  box.taken();
  expect(sent).toHaveLength(2);
  box.put(seen(8));
  expect(sent.at(-1)).toEqual([8, []]);
});
