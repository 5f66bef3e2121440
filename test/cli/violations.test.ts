import { expect, it } from 'vitest';
import { lastLine, premotor } from './program.ts';

it('eval --violations tells how surprising a teleport and other colours are', async () => {
  const { code, stdout } = await premotor('eval', '--task', 'pusht', '--violations', '--episodes', '3', '--json', '-q');
  expect(code).toBe(0);
  const found = lastLine(stdout) as { auroc: { teleport: number }; alarmed: { nothing: number }; threshold: number };
  expect(found).toMatchObject({ task: 'pusht', episodes: 3 });
  expect(found.auroc.teleport).toBeGreaterThan(0.8);
  expect(found.threshold).toBeGreaterThan(0);
  expect(found.alarmed.nothing).toBeLessThan(100);
});

it('says which task has nothing to teleport', async () => {
  const { code, stderr } = await premotor(
    'eval',
    '--task',
    'wall',
    '--violations',
    '--checkpoint',
    'checkpoints/two-room',
  );
  expect([code, stderr]).toEqual([2, 'error: wall has no thing that could be teleported\n']);
});
