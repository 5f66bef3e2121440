import { expect, test } from 'vitest';
import { placed, plant, twoAtATime } from './plant.ts';
import { planted, representative } from './planted.ts';

const PATIENCE_MS = 600_000;

test('the place of every planted mistake stands once in the sources', () => {
  for (const one of planted) expect(() => placed(one)).not.toThrow();
});

/** All of them take some minutes: `planted.long.ts`. */
test('planted mistakes are caught, each within 200 seeds', { timeout: PATIENCE_MS }, async () => {
  const chosen = planted.filter(({ name }) => representative.includes(name));
  expect(chosen).toHaveLength(representative.length);
  const caught = await twoAtATime(chosen, (one) => plant(one));
  expect(caught.filter(({ seeds }) => seeds === undefined)).toEqual([]);
});
