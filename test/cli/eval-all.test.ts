import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTask } from '../../sim/tasks.ts';
import { columnsOf } from '../../src/cli/eval-all.ts';
import { ended, premotor, start } from './program.ts';

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

it('eval --all, interrupted, goes on with the same command where it stopped', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-all-'));
  try {
    const table = join(dir, 'table.md');
    const asked = ['eval', '--all', '--episodes', '1', '--seed', '3', '--mode', 'reflex', '--table', table];
    const child = start(asked);
    const stopped = ended(child);
    child.stderr!.on('data', (text) => {
      if (!child.killed && String(text).includes('clear-moderate, seed 3: expert')) child.kill('SIGINT'); // once: a second one would end it at once
    });
    expect((await stopped).code).toBe(130);
    expect(existsSync(table)).toBe(false);
    const found = readFileSync(`${table}.part`, 'utf8').trim().split('\n');
    expect(found.length).toBeGreaterThanOrEqual(5);
    expect(found.length).toBeLessThan(12);
    const { code, stderr } = await premotor(...asked, '--json');
    expect(code).toBe(0);
    expect(stderr).toContain(`goes on: ${found.length} evaluations are kept in ${table}.part`);
    expect(stderr).not.toContain('clear-moderate, seed 3: random');
    expect(existsSync(`${table}.part`)).toBe(false);
    const rows = readFileSync(table, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows.map((row) => row.split(' | ')[0])).toEqual(['| N 1', '| random', '| expert', '| reflex']);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

it('--all refuses --records, which are of one evaluation', async () => {
  const { code, stderr } = await premotor('eval', '--all', '--records', 'nowhere.jsonl');
  expect(code).toBe(2);
  expect(stderr).toContain('--records are of one evaluation, got --all');
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
