import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `main.ts --json` says. */
export type Result = {
  readonly seeds: number;
  readonly commands: number;
  readonly moved: number;
  readonly armings: number;
  readonly violations: number;
  readonly broken: readonly number[];
  readonly missed: readonly number[];
  readonly ended: number;
  readonly reached: number;
  readonly stale: number;
  readonly seconds: number;
  readonly traces?: Readonly<Record<number, string>>;
  readonly fired: Readonly<Record<string, number>>;
};

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Simulates in a process of its own: its result, and the lines it said. `onLine` is told of each as it comes. */
export async function simulateInChild(
  args: readonly string[],
  { folder = root, onLine }: { readonly folder?: string; readonly onLine?: (line: string) => void } = {},
): Promise<{ readonly result: Result; readonly said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/simulation/main.ts', '--json', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part) => {
    out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
    for (const line of part.trimEnd().split('\n')) onLine?.(line);
  });
  await new Promise((resolve) => child.once('close', resolve));
  const last = out.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`the simulation did not run: ${said.slice(-400)}`);
  return { result: JSON.parse(last), said };
}

/** Boots with something that forbids arming, for most of a short run. */
const forbids = [
  'bridge down',
  'bridge frozen',
  'link half-open',
  'answers lost',
  'frames dropped',
  'frames black',
  'frames stamped in the future',
  'frames stamped in the past',
  'frames late',
];
export const unfit = ['--only', 'none', '--seconds', '10', '--lasting', forbids.join(',')] as const;

/** `count` seeds from `first` on, in two processes. */
export async function inTwo(
  first: number,
  count: number,
  args: readonly string[] = [],
  onLine?: (line: string) => void,
): Promise<Result> {
  const half = Math.ceil(count / 2);
  const run = (from: number, seeds: number) =>
    simulateInChild(['--first', `${from}`, '--seeds', `${seeds}`, ...args], onLine ? { onLine } : {});
  const [a, b] = (await Promise.all([run(first, half), run(first + half, count - half)])).map(({ result }) => result);
  return joined(a!, b!);
}

function joined(a: Result, b: Result): Result {
  const sum = (key: 'seeds' | 'commands' | 'moved' | 'armings' | 'violations' | 'ended' | 'reached' | 'stale') =>
    a[key] + b[key];
  return {
    seeds: sum('seeds'),
    commands: sum('commands'),
    moved: sum('moved'),
    armings: sum('armings'),
    violations: sum('violations'),
    ended: sum('ended'),
    reached: sum('reached'),
    stale: sum('stale'),
    broken: [...a.broken, ...b.broken],
    missed: [...a.missed, ...b.missed],
    seconds: Math.max(a.seconds, b.seconds),
    traces: { ...a.traces, ...b.traces },
    fired: Object.fromEntries(Object.keys(a.fired).map((name) => [name, a.fired[name]! + b.fired[name]!])),
  };
}
