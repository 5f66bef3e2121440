import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openNotebook } from '../../src/cli/notebook.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-notebook-'));
afterAll(() => rmSync(dir, { recursive: true }));

const never = async (): Promise<number> => {
  throw new Error('was known');
};

it('finds what was asked once, also for who opens the file later, until it is closed', async () => {
  const path = join(dir, 'kept.part');
  const first = openNotebook<number>(path);
  expect(await first.of({ who: 'random', seed: 1 }, async () => 7)).toBe(7);
  expect(await first.of({ who: 'random', seed: 1 }, never)).toBe(7);
  expect(await first.of({ who: 'random', seed: 2 }, async () => 8)).toBe(8);
  const again = openNotebook<number>(path);
  expect(again.before).toBe(2);
  expect(await again.of({ who: 'random', seed: 2 }, never)).toBe(8);
  expect(await again.of({ who: 'expert', seed: 2 }, async () => 9)).toBe(9);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(3);
  again.close();
  expect(existsSync(path)).toBe(false);
  expect(openNotebook<number>(path).before).toBe(0);
});

it('keeps nothing of what failed, and without a file nothing at all', async () => {
  const path = join(dir, 'failed.part');
  const notebook = openNotebook<number>(path);
  await expect(notebook.of({ seed: 1 }, never)).rejects.toThrow('was known');
  expect(existsSync(path)).toBe(false);
  expect(await notebook.of({ seed: 1 }, async () => 3)).toBe(3);
  const forgetful = openNotebook<number>();
  expect(forgetful.before).toBe(0);
  expect(await forgetful.of({ seed: 1 }, async () => 4)).toBe(4);
  forgetful.close();
});

it('refuses a file that is none', () => {
  const path = join(dir, 'other.part');
  writeFileSync(path, '# a table\n');
  expect(() => openNotebook(path)).toThrow(/other\.part must hold what an interrupted evaluation had found/);
});
