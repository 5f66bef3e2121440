import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import { seeded } from '../../src/random.ts';
import { lastLine, premotor } from './program.ts';
import { simulated } from './ros.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-plan-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A picture of TwoRoom's camera, in a file. */
function picture(name: string, state: ReturnType<ReturnType<typeof twoRoom.world>['reset']>, size = 64): string {
  const { width, height, data } = twoRoom.world().render(state, size);
  const path = join(dir, name);
  writeFileSync(path, encode({ width, height, data, channels: 3 }));
  return path;
}
const world = twoRoom.world();
const start = world.reset(seeded(1));
const from = picture('from.png', start);
const drive = (action: number[], steps = 12) => {
  let state = start;
  for (let i = 0; i < steps; i++) state = world.step(state, action);
  return state;
};

describe('premotor plan', () => {
  it.each([
    [[0, 1], 1],
    [[0, -1], -1],
  ])('says what would be done, and where that is imagined to end', async (action, sign) => {
    const goal = picture(`goal-${sign}.png`, drive(action));
    const { code, stdout } = await premotor('plan', '--from', from, '--goal', goal, '--json');
    expect(code).toBe(0);
    const { actions, distances, periodMs } = lastLine(stdout) as {
      actions: number[][];
      distances: number[];
      periodMs: number;
    };
    expect(periodMs).toBe(100);
    expect(actions).toHaveLength(25);
    const mean = actions.slice(0, 5).reduce((sum, [, y]) => sum + y!, 0) / 5;
    expect(Math.sign(mean)).toBe(sign);
    expect(Math.min(...distances)).toBeLessThan(distances[0]! / 4);
  });

  it('takes the goal in words, and says what the plan is imagined to end in', async () => {
    const { code, stdout } = await premotor('plan', '--from', from, '--say', 'in the right room', '--json');
    expect(code).toBe(0);
    const { asked, end, distances } = lastLine(stdout) as {
      asked: { words: string; sure: number };
      end: string;
      distances: number[];
    };
    expect(asked.words).toBe('the dot is in the right room');
    expect(asked.sure).toBeGreaterThan(0.5);
    expect(end).toMatch(/^the dot is /);
    expect(distances.every(Number.isFinite)).toBe(true);
    const told = await premotor('plan', '--from', from, '--say', 'in the right room');
    expect(told.stdout).toMatch(
      /wanted: the dot is in the right room \(a remembered moment, \d+ % sure\)\nimagined to end so: the dot is /,
    );
  });

  it.each([
    [
      ['--say', 'in the kitchen'],
      2,
      /^error: "kitchen" is not understood in "in the kitchen"\nhint: .*it can be said of the dot: in the left room, /,
    ],
    [
      ['--say', 'in the left room and in the right room'],
      1,
      /^error: nothing is remembered of which it holds that the dot is in the left room and in the right room/,
    ],
    [['--say', 'left', '--goal', 'x.png'], 2, /^error: one of --goal, .* and --say, .* must be given, got both\n/],
    [[], 2, /^error: one of --goal, .* and --say, .* must be given, got none\n/],
  ])('%j is refused in one line and a hint', async (more, exit, message) => {
    const { code, stderr } = await premotor('plan', '--from', from, ...more);
    expect({ code, lines: stderr.trimEnd().split('\n').length <= 2 }).toEqual({ code: exit, lines: true });
    expect(stderr).toMatch(message);
  });

  it('is the same for the same seed, and tells a picture unlike anything seen', async () => {
    const goal = picture('same.png', drive([0, 1]));
    const plan = async (...more: string[]) =>
      lastLine((await premotor('plan', '-f', from, '-g', goal, '--json', ...more)).stdout) as { actions: number[][] };
    expect((await plan()).actions).toEqual((await plan()).actions);
    const black = join(dir, 'black.png');
    writeFileSync(black, encode({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3), channels: 3 }));
    expect((await premotor('plan', '-f', from, '-g', black)).stdout).toContain('--goal is like nothing in training');
  });

  it('refuses in a line a picture that is none, or of another size', async () => {
    const refused = async (goal: string) => (await premotor('plan', '-f', from, '-g', goal)).stderr;
    expect(await refused(join(dir, 'gone.png'))).toContain('cannot be read (ENOENT)');
    expect(await refused(picture('small.png', start, 32))).toContain('64');
  });
});

describe('premotor doctor', () => {
  it('says whether a bridge answers', async () => {
    const robot = await simulated();
    const { findings } = lastLine((await premotor('doctor', '--json', '--url', robot.url)).stdout) as {
      findings: { name: string; state: string; detail: string }[];
    };
    expect(findings.find(({ name }) => name === 'ROS bridge')).toMatchObject({
      state: 'good',
      detail: expect.stringMatching(/answers: \d+ topics/),
    });
    await robot.stop();
    const dead = await premotor('doctor', '--url', robot.url);
    expect(dead.code).toBe(1);
    expect(dead.stdout).toMatch(/✗ ROS bridge .*ECONNREFUSED/);
    expect(dead.stdout).toContain('start rosbridge_websocket');
  });
});
