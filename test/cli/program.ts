import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** The command line as a real child process, from source. */
export function start(args: readonly string[], { env = {} }: { env?: NodeJS.ProcessEnv } = {}): ChildProcess {
  const main = join(root, 'src/cli/main.ts');
  return spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for its end. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (part) => (text[name] += part));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...text };
}

/** Runs the command line to its end. */
export const premotor = (...args: string[]): Promise<Ended> => ended(start(args));

/** The last line of a text, as JSON. */
export const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1)!);
