import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import { encodePng } from '../../src/data/image.ts';
import { saveCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';
import { ended, lastLine, premotor, start } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-demo-'));
const untrained = join(folder, 'untrained');
const demo = ['demo', '--checkpoint', untrained, '--rate', '20'];

beforeAll(() => {
  const config = tinyConfig({ critic: true });
  saveCheckpoint(untrained, { config, params: tinyParams(config) }, '# untrained\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const timing = { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) };

describe('premotor demo', () => {
  it('plays its goals with body and mind apart, says how it went in one object, and fails below nine in ten', async () => {
    const { code, stdout, stderr } = await premotor(...demo, '--json', '--headless', '--goals', '2', '--limit', '20');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const told = lastLine(stdout) as { reached: number; legs: unknown[]; planMs: { count: number } };
    expect(told).toMatchObject({ goals: 2, planMs: timing, frameToCommandMs: timing, checkpoint: untrained });
    expect(told.legs).toHaveLength(2);
    expect(told.planMs.count).toBeGreaterThan(0);
    expect(code).toBe(told.reached === 2 ? 0 : 1);
    expect(stderr).toContain('goal 2/2');
  });

  it('serves a page while it runs', async () => {
    const child = start([...demo, '--port', '0', '--no-open', '--goals', '1', '--limit', '200']);
    const page = new Promise<Response>((resolve, reject) => {
      child.stderr!.on('data', (text: Buffer) => {
        const url = String(text).match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0];
        if (url) fetch(url).then(resolve, reject);
      });
    });
    expect((await page).headers.get('content-security-policy')).toContain("default-src 'self'");
    child.kill('SIGINT');
    expect((await ended(child)).code).toBe(130);
  });

  it('ends cleanly on Ctrl-C, with what it has', async () => {
    const child = start([...demo, '--json', '--headless', '--goals', '5', '--limit', '2000']);
    child.stderr!.on('data', (text: Buffer) => {
      if (String(text).includes('goals in a row')) setTimeout(() => child.kill('SIGINT'), 300);
    });
    const { code, stdout, stderr } = await ended(child);
    expect(code).toBe(130);
    expect(stderr).toContain('stopping cleanly');
    expect(lastLine(stdout)).toMatchObject({ goals: 5, engine: expect.any(String) });
  });

  it('refuses a damaged checkpoint in a line', async () => {
    const damaged = join(folder, 'damaged');
    const config = tinyConfig();
    saveCheckpoint(damaged, { config, params: tinyParams(config) }, '');
    truncateSync(join(damaged, 'model.safetensors'), 1000);
    const { code, stdout, stderr } = await premotor('demo', '--headless', '--checkpoint', damaged);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/error: .*model\.safetensors.*\nhint: /);
  });
});

describe('premotor eval', () => {
  it('prints one object with everything asked of it, the same for the same seed', async () => {
    const args = [
      'eval',
      '--checkpoint',
      untrained,
      '--episodes',
      '3',
      '--iterations',
      '1',
      '--samples',
      '8',
      '--elites',
      '2',
      '--json',
    ];
    const records = join(folder, 'records.jsonl');
    const [first, again] = [await premotor(...args, '--records', records), await premotor(...args)];
    expect(first.code).toBe(0);
    const told = lastLine(first.stdout) as Record<string, unknown>;
    expect(told).toMatchObject({ task: 'two-room', protocol: 'historical', episodes: 3, seed: 42, planMs: timing });
    for (const key of ['success', 'random', 'replansPerSecond', 'checkpoint', 'engine'])
      expect(told).toHaveProperty(key);
    const { success, random } = lastLine(again.stdout) as Record<string, unknown>;
    expect({ success, random }).toEqual({ success: told.success, random: told.random });
  });

  it('measures the random policy without a model', async () => {
    const { code, stdout } = await premotor(
      'eval',
      '--policy',
      'random',
      '--episodes',
      '40',
      '--protocol',
      'clear-strict',
      '--json',
    );
    expect(code).toBe(0);
    expect(lastLine(stdout)).toMatchObject({ policy: 'random', episodes: 40, success: expect.any(Number) });
  });
});

describe('premotor doctor', () => {
  it('tells of every engine, which it would take, and what is missing', async () => {
    const { code, stdout } = await premotor('doctor', '--json');
    const { ok, findings } = lastLine(stdout) as {
      ok: boolean;
      findings: { name: string; state: string; detail: string; fix?: string }[];
    };
    const names = findings.map(({ name }) => name);
    for (const name of ['node', 'onnx', 'tfjs-cpu', 'threads', 'checkpoint', 'disk', 'port'])
      expect(names).toContain(name);
    expect(findings.filter(({ detail }) => detail.startsWith('chosen'))).toHaveLength(1);
    expect(code).toBe(ok ? 0 : 1);
    expect(ok).toBe(findings.every(({ state }) => state !== 'broken'));
    for (const { state, fix } of findings) if (state === 'broken') expect(fix).toBeTruthy();
  });
});

describe('premotor demo with the shipped model', () => {
  const world = twoRoom.world();
  const picture = (name: string, agent: readonly [number, number], size = 64) => {
    const path = join(folder, name);
    writeFileSync(path, encodePng(world.render({ agent, target: agent }, size)));
    return path;
  };

  it('drives through the doorway to the places shown in pictures', async () => {
    const there = [picture('right.png', [180, 150]), picture('left.png', [50, 170])];
    const { code, stdout } = await premotor('demo', '--headless', '--json', '--goal', ...there);
    expect(lastLine(stdout)).toMatchObject({ goals: 2, reached: 2 });
    expect(code).toBe(0);
  });

  it.each([
    ['is not there', () => join(folder, 'none.png'), 'cannot be read (ENOENT)'],
    [
      'is of another size',
      () => picture('large.png', [50, 50], 96),
      'the picture must be 64x64 pixels, got a PNG of 96x96',
    ],
    ['is no picture', () => join(folder, 'untrained', 'README.md'), 'the picture must be a PNG or a JPEG'],
    [
      'shows nobody',
      () => {
        const path = join(folder, 'empty.png');
        writeFileSync(path, encodePng({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(255) }));
        return path;
      },
      'shows no place that two-room knows',
    ],
  ])('says in a line that a goal picture %s', async (_, path, message) => {
    const { code, stderr } = await premotor('demo', '--headless', '--goal', path());
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
