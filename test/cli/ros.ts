import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, ended, lastLine, start } from './program.ts';

/** What a child has said so far, and waiting for what it will say. */
export function listening(child: ChildProcess) {
  let text = '';
  child.stderr!.on('data', (part: Buffer) => {
    text += String(part);
  });
  /** The first match in what is said from `since` on; from the beginning unless given. */
  const says = (pattern: RegExp, since = 0): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = text.slice(since).match(pattern);
        if (found) resolve(found);
        return found;
      };
      if (look()) return;
      child.stderr!.on('data', () => look());
      child.once('close', () => look() ?? reject(new Error(`never said ${pattern}: ${text}`)));
    });
  return { says, text: () => text };
}

/** A simulated TwoRoom robot in a process of its own, its goal picture, and a folder to write to. */
export async function simulated(...more: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'premotor-ros-'));
  const goal = join(folder, 'goal.png');
  const begin = (port: string) => start(['sim', '--serve-ros', port, '--goal-out', goal, '--json', ...more]);
  let child = begin('0');
  let end = ended(child);
  const url = (await listening(child).says(/robot at (ws:\/\/127\.0\.0\.1:\d+)/))[1]!;
  const stop = async (): Promise<Record<string, unknown>> => {
    child.kill('SIGINT');
    return lastLine((await end).stdout) as Record<string, unknown>;
  };
  return {
    folder,
    goal,
    url,
    file: (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await end;
    },
    again: async () => {
      child = begin(new URL(url).port);
      end = ended(child);
      await listening(child).says(/robot at/);
    },
    /** Ends the robot; what it says of its life. */
    stop,
    close: async () => {
      child.kill('SIGKILL');
      await end;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `premotor run` against it, with what it says. */
export function running(url: string, ...args: string[]) {
  const child = start(['run', '--url', url, '--config', 'examples/two-room.yaml', '--headless', '--json', ...args]);
  const end: Promise<Ended> = ended(child);
  return { child, end, ...listening(child) };
}
