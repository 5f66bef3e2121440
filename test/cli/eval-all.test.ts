import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTask } from '../../sim/tasks.ts';
import { columnsOf } from '../../src/cli/eval-all.ts';
import { premotor } from './program.ts';

it('eval --all writes every protocol by chance, expert and search into one table, over seeds, with intervals', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-all-'));
  try {
    const table = join(dir, 'table.md');
    const asked = ['--all', '--episodes', '1', '--seeds', '3,4', '--quiet', '--json', '--table', table];
    const { code, stdout } = await premotor('eval', ...asked);
    expect(code).toBe(0);
    const { cells, episodes } = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(episodes).toBe(2);
    expect(new Set(cells.map(({ who }: { who: string }) => who))).toEqual(
      new Set(['random', 'expert', 'reflex', 'plan', 'auto']),
    );
    expect(cells).toHaveLength(20);
    const timed = cells.filter(({ planMs }: { planMs?: { p50: number } }) => planMs && planMs.p50 > 0);
    expect(timed).toHaveLength(12);
    const lines = readFileSync(table, 'utf8').split('\n');
    expect(lines[0]).toBe('| N 2 | historical | clear-moderate | clear-strict | far |');
    expect(lines.find((line) => line.startsWith('| expert |'))).toMatch(/100 \(34\.\.100\)/);
    expect(lines.some((line) => /^- clear-strict, plan: p50 [\d.]+, p95 [\d.]+ ms$/.test(line))).toBe(true);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

it('varies one thing a column, on clear-moderate, and keeps what was varied anyway', () => {
  const pusht = findTask('pusht');
  const columns = columnsOf(pusht, { varied: true, vary: { distractors: 2 } } as never);
  const labels = columns.map(({ label }) => label);
  const protocols = Object.keys(pusht.protocols);
  expect(labels).toEqual([...protocols, 'colour', 'size', 'shape', 'speed', 'noise', 'distractors', 'noise 25.5']);
  expect(columns[0]).toEqual({ label: 'historical', protocol: 'historical', vary: { distractors: 2 } });
  const of = (name: string) => columns.find(({ label }) => label === name);
  expect(of('shape')).toMatchObject({ protocol: 'clear-moderate', vary: { distractors: 2, shape: 'random' } });
  expect(of('noise 25.5')).toMatchObject({ protocol: 'clear-moderate', vary: { distractors: 2, pixelNoise: 25.5 } });
  expect(columnsOf(pusht, {} as never).map(({ label }) => label)).toEqual(protocols);
});
