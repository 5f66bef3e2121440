import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Every file that a process has loaded when it has imported the package's door. */
function loaded(): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-loaded-'));
  try {
    const door = new URL('../src/index.ts', import.meta.url).href;
    const code = `const door = await import(${JSON.stringify(door)}); if (!door.createAgent) process.exit(3);`;
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      env: { ...process.env, NODE_V8_COVERAGE: dir },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const reports = readdirSync(dir).map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')));
    return reports.flatMap(({ result }: { result: { url: string }[] }) => result.map(({ url }) => url));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('importing the package loads the body only: no engine, no model, no simulator, no page, no ROS', () => {
  const files = loaded();
  expect(files.some((url) => url.endsWith('/src/agent/run.ts'))).toBe(true);
  expect(files.some((url) => url.includes('/node_modules/rxjs/'))).toBe(true);
  const heavy =
    /\/node_modules\/(@tensorflow|onnxruntime|roslib|hono|@hono|ws|mathjs|apache-arrow)|\/sim\/|\/src\/(compute|worldmodel|page|cli|drivers\/ros)\//;
  expect(files.filter((url) => heavy.test(url))).toEqual([]);
});
