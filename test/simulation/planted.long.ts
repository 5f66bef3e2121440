import { expect, test } from 'vitest';
import { plant, twoAtATime } from './plant.ts';
import { planted } from './planted.ts';

test('every planted mistake is caught within 200 seeds', async () => {
  const caught = await twoAtATime(planted, (one) => plant(one));
  expect(caught.filter(({ seeds }) => seeds === undefined)).toEqual([]);
});
