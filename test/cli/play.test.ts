import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lastLine, premotor } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-play-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'd');

describe('premotor sim without a page', () => {
  it('plays a policy as fast as it goes and tells how often it got there', async () => {
    const args = ['sim', '--policy', 'expert', '--headless', '--episodes', '20', '--json'];
    const { code, stdout } = await premotor(...args);
    expect(code).toBe(0);
    const { reached, seconds: _, stepsPerSecond: __, ...rest } = lastLine(stdout) as Record<string, number>;
    expect(reached).toBeGreaterThan(3);
    expect(rest).toMatchObject({ task: 'two-room', policy: 'expert', episodes: 20 });
    const again = lastLine((await premotor(...args)).stdout);
    expect(again).toMatchObject({ ...rest, reached });
  });

  it('starts from a recorded moment, under the variations it was recorded under', async () => {
    await premotor('collect', '--episodes', '2', '--out', data, '--vary', 'colour,speed', '--workers', '0');
    const from = await premotor('sim', '--from', `${data}:1:40`, '--headless', '--episodes', '1', '--json');
    expect(from.code).toBe(0);
    expect(lastLine(from.stdout)).toMatchObject({ episodes: 1, steps: expect.any(Number) });
    for (const [moment, said] of [
      [`${data}:2:0`, /has episodes 0\.\.1, got 2/],
      [`${data}:0:900`, /episode 0 of .* has steps 0\.\.100, got 900/],
    ] as const) {
      const { code, stderr } = await premotor('sim', '--from', moment, '--headless', '--episodes', '1');
      expect(code).toBe(2);
      expect(stderr).toMatch(said);
    }
  });
});
