import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ros, Service, Topic } from 'roslib';
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
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    folder,
    goal,
    url,
    file,
    /** Its configuration with these settings of safety, and of the model. */
    config: (safety: object, model: object = {}) => {
      const lines = (settings: object) =>
        Object.entries(settings).map(([name, value]) => `\n  ${name}: ${JSON.stringify(value)}`);
      const text = readFileSync('examples/two-room.yaml', 'utf8')
        .replace('safety:', `safety:${lines(safety).join('')}`)
        .replace('model:', `model:${lines(model).join('')}`);
      return file('this-robot.yaml', text);
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

/** `premotor run` with what it says. */
export function driving(...args: string[]) {
  const child = start(['run', ...args]);
  const end: Promise<Ended> = ended(child);
  return { child, end, ...listening(child) };
}

/** Against a simulated robot, without a page. */
export const running = (url: string, ...args: string[]) =>
  driving('--url', url, '--config', 'examples/two-room.yaml', '--headless', '--json', ...args);

type Twist = { readonly linear: { readonly x: number; readonly y: number } };
export type RobotState = { readonly commands: number; readonly action: readonly number[]; readonly enabled: boolean };

/** A stock client at the robot's bridge, which hears every command. */
export async function witness(url: string, version: 1 | 2 = 2) {
  const ros = new Ros({ url });
  ros.on('error', () => {});
  await new Promise((resolve) => ros.once('connection', resolve));
  const messageType = version === 1 ? 'geometry_msgs/Twist' : 'geometry_msgs/msg/Twist';
  const topic = new Topic<Twist>({ ros, name: '/cmd_vel', messageType });
  const heard: (readonly [number, number])[] = [];
  topic.subscribe(({ linear }) => heard.push([linear.x, linear.y]));
  return {
    /** Commands, in order. */
    heard,
    say: ([x, y]: readonly [number, number]) =>
      topic.publish({ linear: { x, y, z: 0 }, angular: { x: 0, y: 0, z: 0 } } as Twist),
    state: () =>
      new Promise<RobotState>((resolve, reject) =>
        new Service<object, { message: string }>({
          ros,
          name: '/robot/state',
          serviceType: 'std_srvs/Trigger',
        }).callService({}, ({ message }) => resolve(JSON.parse(message) as RobotState), reject),
      ),
    close: () => ros.close(),
  };
}

/** The process that a run's mind is. */
export const mindOf = ({ pid }: ChildProcess): number => {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().trim().split('\n');
  const own = all.map((line) => line.trim().split(/\s+/)).filter(([, parent]) => parent === String(pid));
  return Number(own.find((words) => words.some((word) => word.includes('mind-process')))![0]);
};
