import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createShelf } from '../../src/cli/held-out.ts';

it('records the same once, anew after it failed, and throws all away at the end', async () => {
  const shelf = createShelf();
  let recorded = 0;
  const record = async (dir: string) => {
    recorded++;
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'episodes'), `${recorded}`);
  };
  const first = await shelf.of('pusht 42', record);
  expect(await shelf.of('pusht 42', record)).toBe(first);
  expect(await shelf.of('pusht 43', record)).not.toBe(first);
  expect(recorded).toBe(2);
  const failing = () => Promise.reject(new Error('full'));
  await expect(shelf.of('pusht 44', failing)).rejects.toThrow('full');
  const third = await shelf.of('pusht 44', record);
  expect(recorded).toBe(3);
  expect([first, third].every((dir) => existsSync(join(dir, 'episodes')))).toBe(true);
  shelf.dispose();
  expect([first, third].some((dir) => existsSync(dir))).toBe(false);
});
