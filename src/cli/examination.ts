import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { shippedCheckpoint } from './package-root.ts';

/** One thing looked at. `broken` means that the main job cannot run; `note` is worth knowing. */
export type Finding = {
  readonly name: string;
  readonly state: 'good' | 'note' | 'broken';
  readonly detail: string;
  readonly fix?: string;
};

/** Where the page of the demo is served unless told otherwise. */
export const DEFAULT_PORT = 4173;

/** Tasks that a checkpoint ships for. */
const SHIPPED = ['two-room', 'pusht', 'reacher', 'cube'];

/** Looks at everything the main job needs, and at a robot's bridge where one is named. */
export async function examine({ url }: { readonly url?: string } = {}): Promise<Finding[]> {
  return [
    node(process.versions.node),
    ...(await engines()),
    threads(),
    graphics(),
    ...(await Promise.all(SHIPPED.map(checkpoint))),
    disk(),
    await port(DEFAULT_PORT),
    ...(url === undefined ? [] : [await bridge(url)]),
  ];
}

/** Node 20.12 is the oldest that runs everything; 20, 22 and 24 are tested. */
export function node(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return { name: 'node', state: 'good', detail: `version ${version}` };
  return { name: 'node', state: 'broken', detail: `version ${version} is too old`, fix: 'install Node 20.12 or newer' };
}

async function engines(): Promise<Finding[]> {
  const { surveyEngines } = await import('../compute/open-engine.ts');
  const survey = await muted(surveyEngines);
  const chosen = survey.find(({ available }) => available);
  const found = survey.map(({ name, available, reason }): Finding => {
    if (name === chosen?.name)
      return { name, state: 'good', detail: `chosen: the first in order that runs here (${reason})` };
    return {
      name,
      state: 'note',
      detail: available ? `could run (${reason}); ask with --engine ${name}` : `not here: ${reason.trim()}`,
    };
  });
  if (chosen) return found;
  return [...found, { name: 'engine', state: 'broken', detail: 'none can run', fix: 'run npm ci again' }];
}

/** Packages that load halfway complain at length; what matters of it is in the survey. */
async function muted<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

function threads(): Finding {
  const count = availableParallelism();
  const detail = `${count} usable core${count === 1 ? '' : 's'}`;
  if (count >= 2) return { name: 'threads', state: 'good', detail };
  return {
    name: 'threads',
    state: 'note',
    detail: `${detail}: the simulator and the planner will share it, plans come later`,
  };
}

async function checkpoint(task: string): Promise<Finding> {
  const dir = shippedCheckpoint(task);
  const { loadCheckpoint } = await import('../worldmodel/checkpoint.ts');
  try {
    const { hash, params } = loadCheckpoint(dir);
    const size = Object.values(params).reduce((sum, { length }) => sum + length, 0);
    return {
      name: 'checkpoint',
      state: 'good',
      detail: `${task}, ${(size / 1e6).toFixed(1)} M weights, intact (${hash.slice(0, 12)})`,
    };
  } catch (error) {
    return {
      name: 'checkpoint',
      state: 'broken',
      detail: (error as Error).message,
      fix: `restore it (git checkout -- checkpoints/${task}) or make it again (npm run reproduce:${task})`,
    };
  }
}

/** Nothing here needs a card; who has one may want it. */
function graphics(): Finding {
  const found = ['/dev/nvidia0', '/dev/dri/renderD128'].find(existsSync);
  const detail = found === undefined ? 'none, and none is needed' : `${found}: docs/gpu.md says how to compute there`;
  return { name: 'graphics card', state: found === undefined ? 'good' : 'note', detail };
}

/** Long enough for a bridge on a bad network, ms. */
const PATIENCE_MS = 4000;

/** Whether a rosbridge answers, and how much it knows. */
export async function bridge(url: string): Promise<Finding> {
  const [{ rosBridge }, { webSocket }, { realClock }, { seeded }, rxjs] = await Promise.all([
    import('../drivers/ros/bridge.ts'),
    import('../drivers/ros/socket.ts'),
    import('../clock.ts'),
    import('../random.ts'),
    import('rxjs'),
  ]);
  const open = webSocket({ url, insecure: true }); // nothing is sent that could move anything
  const link = rosBridge({ clock: realClock(), random: seeded(1), open, url });
  try {
    await rxjs.firstValueFrom(link.connected$.pipe(rxjs.filter(Boolean), rxjs.timeout(PATIENCE_MS)));
    const { topics } = (await link.call('/rosapi/topics', {}, PATIENCE_MS)) as { topics: unknown[] };
    return { name: 'ROS bridge', state: 'good', detail: `${url} answers: ${topics.length} topics` };
  } catch {
    return {
      name: 'ROS bridge',
      state: 'broken',
      detail: `${url}: ${link.trouble ?? 'no answer'}`,
      fix: 'start rosbridge_websocket and rosapi there (docs/ros.md), and look whether the port is open',
    };
  } finally {
    link.close();
  }
}

function disk(): Finding {
  const { bavail, bsize } = statfsSync(process.cwd());
  const gigabytes = (bavail * bsize) / 1e9;
  const detail = `${gigabytes.toFixed(1)} GB free here`;
  if (gigabytes >= 2) return { name: 'disk', state: 'good', detail };
  return { name: 'disk', state: 'note', detail, fix: 'collecting and training TwoRoom need about 2 GB' };
}

function port(number: number): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ message }) =>
      resolve({
        name: 'port',
        state: 'note',
        detail: message,
        fix: 'the demo takes the next free port, or the one given with --port',
      }),
    );
    server.listen(number, '127.0.0.1', () =>
      server.close(() =>
        resolve({ name: 'port', state: 'good', detail: `${number} is free for the page of the demo` }),
      ),
    );
  });
}
