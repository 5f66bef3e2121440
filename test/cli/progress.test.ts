import { describe, expect, it } from 'vitest';
import { duration, progress } from '../../src/cli/progress.ts';

function shown(isTTY: boolean, updates: readonly (readonly [atMs: number, done: number])[], quiet = false): string {
  const parts: string[] = [];
  let nowMs = 0;
  const stream = { isTTY, columns: 80, write: (part: string) => parts.push(part) };
  const bar = progress({ label: 'collect', unit: 'episodes', stream, quiet, now: () => nowMs });
  for (const [atMs, done] of updates) {
    nowMs = atMs;
    bar.update(done, 100);
  }
  bar.done();
  return parts.join('');
}

describe('progress', () => {
  it('writes plain lines, seconds apart, when piped', () => {
    const text = shown(false, [
      [0, 0],
      [1000, 10],
      [5000, 50],
      [6000, 60],
      [10_000, 100],
    ]);
    expect(text).toBe(
      'collect 0/100\ncollect 50/100 10 episodes/s, 5 s left\ncollect 100/100 10 episodes/s, 0 s left\n',
    );
  });

  it('always shows the end', () => {
    expect(
      shown(false, [
        [0, 0],
        [10, 100],
      ])
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toContain('100/100');
  });

  it('redraws one line on a terminal', () => {
    const text = shown(true, [
      [0, 0],
      [1000, 50],
    ]);
    expect(text.split('\r')).toHaveLength(3);
    expect(text).toContain('██████████░░░░░░░░░░ 50/100');
    expect(text.match(/\n/g)).toHaveLength(1);
  });

  it('says nothing when quiet', () => {
    expect(shown(true, [[1000, 50]], true)).toBe('');
  });

  it('counts the rate from where a resumed job began', () => {
    expect(
      shown(false, [
        [0, 80],
        [5000, 90],
      ]),
    ).toContain('90/100 2.0 episodes/s, 5 s left');
  });
});

describe('duration', () => {
  it.each([
    [400, '0 s'],
    [59_400, '59 s'],
    [185_000, '3 min 05 s'],
    [7_800_000, '2 h 10 min'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});
