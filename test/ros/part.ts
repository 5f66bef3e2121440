import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** One process of the rig. It dies with this one, however this one ends, stopped or not. */
export interface Part {
  readonly name: string;
  readonly pid: number;
  /** The line that said it was ready. */
  readonly readyLine: string;
  /** A request on its stdin, the answer from its stdout. */
  ask(request: Record<string, unknown>): Promise<unknown>;
  /** Resolves once the kernel shows it stopped. */
  pause(): Promise<void>;
  resume(): void;
  kill(): Promise<void>;
}

export type PartOptions = {
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Resolves when the part can be used; by default when it prints a line that starts with `ready`. */
  readonly ready?: () => Promise<unknown>;
};

const START_MS = 60_000;
const ANSWER_MS = 30_000;
const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process and waits until it is ready. Rejects with the end of its log when it ends before. */
export async function startPart(
  name: string,
  command: readonly string[],
  { env, logFile, ready }: PartOptions,
): Promise<Part> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let sayReady: (line: string) => void = () => {};
  const saidReady = new Promise<string>((resolve) => {
    sayReady = resolve;
  });
  const onLine = (line: string) => {
    if (line.startsWith('{"id"')) return settle(JSON.parse(line));
    if (line.startsWith('ready')) sayReady(line);
    appendFileSync(logFile, `${line}\n`);
  };
  const settle = ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
    const { resolve, reject } = pending.get(id)!;
    pending.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  };
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', onLine);
  child.stdin.on('error', () => {}); // it ended: the exit says so
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => appendFileSync(logFile, `${error.message}\n`));
    child.once('close', (code, signal) => {
      running.delete(child);
      appendFileSync(logFile, `${name} ended: ${signal ?? code}\n`);
      for (const { reject } of pending.values()) reject(new Error(`${name} ended before it answered`));
      pending.clear();
      resolve();
    });
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };

  const failed = deadline(ended, START_MS).then((late) => {
    throw new Error(`${name} ${late ? 'was not ready in time' : 'ended at its start'}:\n${tail(logFile)}`);
  });
  const readyLine = await Promise.race([ready?.().then(() => '') ?? saidReady, failed]).catch(async (error) => {
    await kill();
    throw error;
  });
  failed.catch(() => {}); // it was ready: how it ends is not this promise's concern any more

  let requests = 0;
  return {
    name,
    pid: child.pid!,
    readyLine,
    ask(request) {
      const id = ++requests;
      return new Promise((resolve, reject) => {
        if (!running.has(child)) throw new Error(`${name} has ended`);
        setTimeout(() => pending.delete(id) && reject(new Error(`${name} did not answer`)), ANSWER_MS).unref();
        pending.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
      });
    },
    async pause() {
      child.kill('SIGSTOP');
      while (!isStopped(child.pid!)) await new Promise(setImmediate);
    },
    resume: () => void child.kill('SIGCONT'),
    kill,
  };
}

/** The last lines of a log. */
export function tail(logFile: string, lines = 40): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(it printed nothing)';
  }
}

/** Runs a program to its end; rejects when it fails. Dies with this process. */
export async function runToEnd(command: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (errors += data));
  const [code] = await once(child, 'close');
  running.delete(child);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}:\n${errors || output}`);
  return output;
}

/** Whether the time ran out before the event. */
function deadline(event: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(true), ms).unref();
    event.then(() => resolve(false));
  });
}

/** Whether every thread of a process is stopped. */
function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'T';
}
