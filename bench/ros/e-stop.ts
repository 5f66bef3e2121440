import { summarise } from '../../sim/timing.ts';
import { pause } from '../../src/clock.ts';
import { seeded } from '../../src/random.ts';
import { type Row, row } from '../row.ts';
import {
  type BodyProcess,
  busyCores,
  clock,
  endlessDot,
  moving,
  type Rig,
  restlessBody,
  rig,
  stopSince,
} from './rig.ts';

const IDLE = { p99: 20, max: 50 };
const BUSY_MAX = 100;
const CLICK_MAX = 200;
/** Long enough for whatever was on its way, ms. */
const SETTLE_MS = 60;
const QUIET_MS = 5000;

/** From the receipt of an e-stop to the rest that is read at the robot's socket: R5. */
export async function benchEStop({ presses = 200, watched = 10, seed = 5 } = {}): Promise<Row[]> {
  const room = await rig(endlessDot, { start: [0.5, 0.5], size: 1 });
  const body = await restlessBody(room.url);
  const random = seeded(seed);
  const panel = room.graph.advertise('/panel', '/e_stop', 'std_msgs/Bool');
  const byOrder = async () => {
    const pressed = body.heard('pressed');
    body.order({ kind: 'press' });
    return (await pressed).receivedMs;
  };
  const byTopic = async () => {
    const publishedMs = clock.now();
    panel.publish({ data: true });
    return publishedMs;
  };
  const series = (name: string, press: () => Promise<number>) =>
    stops({ name, room, body, press, presses, watched, chance: () => random.uniform() });
  try {
    const idle = await series('idle', byOrder);
    const topic = await series('by topic, idle', byTopic);
    const ease = busyCores();
    const [busy, busyTopic] = [await series('busy', byOrder), await series('by topic, busy', byTopic)];
    ease();
    return [
      ...rows('e-stop received to rest at the socket, idle', idle, IDLE),
      ...rows('e-stop received to rest at the socket, all cores busy', busy, { max: BUSY_MAX }),
      ...rows('e-stop topic published to rest at the socket, idle', topic, { max: CLICK_MAX }),
      ...rows('e-stop topic published to rest at the socket, all cores busy', busyTopic, { max: CLICK_MAX }),
    ];
  } finally {
    await body.close();
    await room.close();
  }
}

type Series = {
  readonly name: string;
  readonly room: Rig<unknown>;
  readonly body: BodyProcess;
  /** Gives the time from which the rest is waited for. */
  readonly press: () => Promise<number>;
  readonly presses: number;
  readonly watched: number;
  readonly chance: () => number;
};

type Stops = { readonly ms: readonly number[]; readonly strays: number; readonly watched: number };

/** Presses, again and again, at any moment of a moving robot's beat. */
async function stops({ name, room, body, press, presses, watched, chance }: Series): Promise<Stops> {
  const { robot } = room;
  const every = Math.max(1, Math.floor(presses / watched));
  const ms: number[] = [];
  let strays = 0;
  let longWatched = 0;
  for (let i = 0; i < presses; i++) {
    robot.reset();
    await body.arm();
    await moving(robot);
    await pause(50 * chance(), clock);
    const sinceMs = await press();
    const long = i % every === 0 && longWatched < watched;
    await pause(long ? QUIET_MS : SETTLE_MS, clock);
    while (!long && stopSince(robot, sinceMs).ms === Infinity && clock.now() - sinceMs < QUIET_MS)
      await pause(5, clock);
    const stop = stopSince(robot, sinceMs);
    ms.push(stop.ms);
    strays += stop.strays;
    if (long) longWatched++;
    if (i % 20 === 19) process.stderr.write(`e-stop, ${name}: ${i + 1} of ${presses}\n`);
  }
  return { ms, strays, watched: longWatched };
}

function rows(
  name: string,
  { ms, strays, watched }: Stops,
  lines: { readonly p99?: number; readonly max: number },
): Row[] {
  const { p50, p95, p99 } = summarise(ms);
  const line = (value: number | undefined) => (value === undefined ? undefined : { name: 'pass line', value });
  return [
    row(`${name} (N = ${ms.length}): p50`, p50, 'ms'),
    row('the same: p95', p95, 'ms'),
    row('the same: p99', p99, 'ms', line(lines.p99), 'lower'),
    row('the same: longest', Math.max(...ms), 'ms', line(lines.max), 'lower'),
    row(`motions after the first rest (${watched} watched for 5 s)`, strays, '', line(0), 'lower'),
  ];
}
