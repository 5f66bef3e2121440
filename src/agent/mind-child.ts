import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Observable, Subject } from 'rxjs';
import { MindLost } from '../errors.ts';
import { sibling } from '../spawn.ts';
import type { ToBody, ToMind } from './wire.ts';

/** A mind's process: messages to it and from it. */
export interface MindChild {
  readonly pid: number | undefined;
  send(message: ToMind): void;
  /** What it tells; an error, `MindLost`, when it is gone, completion when it was told to go. */
  readonly messages$: Observable<ToBody>;
  /** The first sign that it is gone, which may come before the reason is known. */
  readonly gone$: Observable<string>;
  /** Ends it for this reason, at once; without one, in peace. */
  kill(reason?: string): void;
}

/** Starts mind-process.ts beside this file. Lines that it prints go to `onLog`. */
export function mindChild(onLog: (line: string) => void): MindChild {
  const { url, execArgv } = sibling(import.meta.url, 'mind-process');
  const child = fork(url, { execArgv, serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const messages$ = new Subject<ToBody>();
  const gone$ = new Subject<string>();
  for (const input of [child.stdout!, child.stderr!]) createInterface({ input }).on('line', onLog);

  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const lose = (message: string, failed?: { hint?: string | undefined; exitCode: number }) => {
    gone$.next(message);
    const { hint, exitCode = 1 } = failed ?? {};
    messages$.error(new MindLost(message, { exitCode, ...(hint === undefined ? {} : { hint }) }));
  };

  child.on('message', (message: ToBody) => {
    if (message.kind === 'failed') lose(message.message, message);
    else messages$.next(message);
  });
  child.on('error', ({ message }) => lose(`the mind process could not be started: ${message}`));
  child.on('disconnect', () => gone$.next('the mind process has closed its door'));
  void ended(child).then((how) => {
    process.off('exit', atExit);
    lose(`the mind process ended (${how})`);
  });

  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, () => {}); // one that died meanwhile is told by its end
    },
    messages$,
    gone$,
    kill(reason) {
      if (reason === undefined) messages$.complete();
      else lose(reason);
      gone$.complete();
      child.kill('SIGKILL');
    },
  };
}

/** How it ended, once everything it had said is heard. */
const ended = (child: ChildProcess) =>
  new Promise<string>((resolve) => {
    let how: string | undefined;
    const check = () => {
      if (how !== undefined && !child.connected) resolve(how);
    };
    child.once('exit', (code, signal) => {
      how = signal ?? `exit code ${code}`;
      check();
    });
    child.once('disconnect', check);
  });
