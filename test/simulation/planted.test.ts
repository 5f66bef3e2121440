import { expect, test } from 'vitest';
import { plant, planted, representative, twoAtATime } from './planted.ts';

/** They run beside the suite's other file: one process at a time. */
const PATIENCE_MS = 600_000;

test('planted mistakes are caught, each within 200 seeds', { timeout: PATIENCE_MS }, async () => {
  const chosen = planted.filter(({ name }) => representative.includes(name));
  expect(chosen).toHaveLength(representative.length);
  const caught = await twoAtATime(chosen, (one) => plant(one));
  expect(caught.filter(({ seeds }) => seeds === undefined)).toEqual([]);
});
