import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { claim } from '../../src/data/claim.ts';

const root = mkdtempSync(join(tmpdir(), 'premotor-claim-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('makes the folder, and leaves nothing in it', () => {
  const dir = join(root, 'new', 'folder');
  const release = claim(dir);
  expect(readdirSync(dir)).toHaveLength(1);
  release();
  expect(existsSync(dir)).toBe(true);
  expect(readdirSync(dir)).toEqual([]);
});

it('refuses what another process writes to, and takes it once that has died', async () => {
  const dir = join(root, 'others');
  claim(dir)();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const file = join(dir, 'writing.pid');
  writeFileSync(file, `${other.pid}\n`);
  expect(() => claim(dir)).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message: `another process (${other.pid}) is writing to ${dir}`,
      hint: expect.stringContaining(`delete ${file}`),
    }),
  );
  const died = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await died;
  claim(dir)();
  expect(readdirSync(dir)).toEqual([]);
});

it('takes its own again, and what says nothing', () => {
  const dir = join(root, 'own');
  claim(dir);
  claim(dir)();
  writeFileSync(join(dir, 'writing.pid'), 'who knows');
  claim(dir)();
  expect(readdirSync(dir)).toEqual([]);
});
