import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Arrivals, RobotState } from './arrivals.ts';
import { monotonicMs } from './monotonic.ts';
import { type Part, runToEnd, startPart, tail } from './part.ts';

export type PartName = 'master' | 'robot' | 'bridge';

export type RigOptions = {
  /** The camera's picture; at least 16 wide, for its number. */
  readonly width?: number;
  readonly height?: number;
  readonly hz?: number;
  /** Do also what the real ROS 1 server does wrong; see rig/wire.py. */
  readonly faults?: boolean;
  readonly bridge?: boolean;
  /** Seconds without a velocity before the robot itself stops; 0 is never. */
  readonly commandTimeoutS?: number;
  readonly rosapi?: boolean;
  /** Wanted in `Authorization: Bearer`. */
  readonly token?: string;
  /** Wanted in an `auth` message. */
  readonly secret?: string;
  /** PEM files: the bridge speaks wss. */
  readonly tls?: { readonly certificate: string; readonly key: string };
};

/** What the robot saw, and how it is. Times are `CLOCK_MONOTONIC` ms, as `monotonicMs()`, and Unix ms. */
export type Dump = {
  readonly monotonicMs: number;
  readonly wallMs: number;
  readonly arrivals: Arrivals;
  /** How many publishers are connected to each of the robot's inputs. */
  readonly publishers: Readonly<Record<keyof Arrivals, number>>;
  readonly robot: RobotState;
};

/** A ROS 1 master, a rospy robot and a rosbridge server, on loopback. */
export interface Rig {
  readonly url: string;
  readonly masterUri: string;
  /** For other ROS programs on this graph. */
  readonly env: NodeJS.ProcessEnv;
  readonly pids: Readonly<Record<PartName, number>>;
  /** All that arrived since the last dump. Asked without the bridge, as `peek` and `call`. */
  dump(): Promise<Dump>;
  /** The same, but it stays for the next dump. */
  peek(): Promise<Dump>;
  /** Peeks until the predicate holds. */
  until(predicate: (dump: Dump) => boolean): Promise<Dump>;
  /** Calls any ROS service of the graph. */
  call(service: string, args?: Record<string, unknown>): Promise<unknown>;
  /** Stops a part as a debugger would; resolves with the moment from which it surely does nothing, monotonic ms. */
  pause(part: PartName): Promise<number>;
  /** Lets it go on; the moment before that, monotonic ms. */
  resume(part: PartName): number;
  kill(part: PartName): Promise<number>;
  /** Kills it if it lives, and starts it anew at the same port. */
  restart(part: PartName): Promise<void>;
  /** `rosbag record` for some seconds. */
  record(bag: string, topics: readonly string[], seconds: number): Promise<void>;
  logs(): string;
  /** Leaves the logs' folder where it is when the rig stops. */
  keepLogs(): void;
  /** Ends every part. */
  stop(): Promise<void>;
}

/** Rigs not yet stopped, for who wants to show their logs. */
export const runningRigs = new Set<Rig>();

const PYTHON = '/usr/bin/python3';
const UNTIL_MS = 60_000;
const script = (name: string) => fileURLToPath(new URL(`./rig/${name}`, import.meta.url));

export async function startRig({
  width = 64,
  height = 48,
  hz = 20,
  faults = false,
  bridge = true,
  commandTimeoutS = 0.5,
  rosapi = true,
  token,
  secret,
  tls,
}: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'ros-rig-'));
  for (const name of ['home', 'log']) mkdirSync(join(folder, name));
  const parts = new Map<PartName, Part>();
  const masterPort = await freePort();
  let bridgePort = 0;
  let keep = false;
  const masterUri = `http://127.0.0.1:${masterPort}`;
  const env = {
    ...process.env,
    ROS_MASTER_URI: masterUri,
    ROS_IP: '127.0.0.1',
    ROS_HOME: join(folder, 'home'),
    ROS_LOG_DIR: join(folder, 'log'),
    ROS_PYTHON_VERSION: '3',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  };
  const bridgeFlags = [
    ...(faults ? ['--faults'] : []),
    ...(rosapi ? [] : ['--no-rosapi']),
    ...(token === undefined ? [] : ['--token', token]),
    ...(secret === undefined ? [] : ['--secret', secret]),
    ...(tls === undefined ? [] : ['--certificate', tls.certificate, '--key', tls.key]),
  ];
  const commands: Record<PartName, () => readonly string[]> = {
    master: () => [PYTHON, '/usr/bin/rosmaster', '--core', '-p', String(masterPort)],
    robot: () => [PYTHON, script('robot.py'), ...[width, height, hz].map(String), '--timeout', String(commandTimeoutS)],
    bridge: () => [PYTHON, script('bridge.py'), String(bridgePort), ...bridgeFlags],
  };
  const logOf = (name: PartName) => join(folder, `${name}.log`);

  const start = async (name: PartName) => {
    const ready = name === 'master' ? { ready: () => listening(masterPort) } : {};
    parts.set(name, await startPart(name, commands[name](), { env, logFile: logOf(name), ...ready }));
    if (name === 'bridge') bridgePort = Number(parts.get(name)!.readyLine.split(' ')[1]);
  };
  const part = (name: PartName): Part => {
    const found = parts.get(name);
    if (found === undefined) throw new RangeError(`part must be one that was started, got ${name}`);
    return found;
  };
  const ask = async (keep: boolean) => (await part('robot').ask({ op: 'dump', keep })) as Dump;

  const rig: Rig = {
    get url() {
      return `${tls ? 'wss' : 'ws'}://127.0.0.1:${bridgePort}`;
    },
    masterUri,
    env,
    get pids() {
      return { master: part('master').pid, robot: part('robot').pid, bridge: part('bridge').pid };
    },
    dump: () => ask(false),
    peek: () => ask(true),
    async until(predicate) {
      const end = monotonicMs() + UNTIL_MS;
      for (;;) {
        const dump = await ask(true);
        if (predicate(dump)) return dump;
        if (monotonicMs() > end) throw new Error(`never came to be: ${predicate}; last: ${inBrief(dump)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    call: (service, args = {}) => part('robot').ask({ op: 'call', service, args }),
    async pause(name) {
      await part(name).pause();
      return monotonicMs();
    },
    resume(name) {
      const before = monotonicMs();
      part(name).resume();
      return before;
    },
    async kill(name) {
      await part(name).kill();
      return monotonicMs();
    },
    async restart(name) {
      await part(name).kill();
      await start(name);
    },
    record: async (bag, topics, seconds) => {
      await runToEnd(['/usr/lib/rosbag/record', '-O', bag, '--duration', String(seconds), ...topics], env);
    },
    logs: () => [...parts.keys()].map((name) => `--- ${name} (${logOf(name)})\n${tail(logOf(name))}`).join('\n'),
    keepLogs() {
      keep = true;
    },
    async stop() {
      runningRigs.delete(rig);
      await Promise.all([...parts.values()].map((one) => one.kill()));
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };

  try {
    await start('master');
    const others = await Promise.allSettled([start('robot'), ...(bridge ? [start('bridge')] : [])]);
    for (const other of others) if (other.status === 'rejected') throw other.reason;
  } catch (cause) {
    keep = true;
    await rig.stop();
    throw cause;
  }
  runningRigs.add(rig);
  return rig;
}

function inBrief({ arrivals, publishers, robot }: Dump): string {
  const counts = Object.fromEntries(Object.entries(arrivals).map(([topic, list]) => [topic, list.length]));
  return JSON.stringify({ arrivals: counts, publishers, robot });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}

/** Resolves when something accepts connections at a port. rosmaster prints nothing. */
async function listening(port: number): Promise<void> {
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 20));
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
