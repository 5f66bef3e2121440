import { summarise } from '../../sim/timing.ts';
import { pause } from '../../src/clock.ts';
import { type Random, seeded } from '../../src/random.ts';
import { type Row, row } from '../row.ts';
import { BEGAN } from './restless-mind.ts';
import {
  type BodyProcess,
  clock,
  endlessDot,
  isMotion,
  lateness,
  moving,
  type Rig,
  restlessBody,
  rig,
  stopSince,
} from './rig.ts';

/** From the signal to rest, ms. */
const LINES = { killed: 50, hanging: 200, bodyKilled: 500 + endlessDot.periodMs, ended: 500 };
/** A mind lost for the sixth time in a minute is not started again: then another body is needed. */
const WATCH_MS = 400;
const HEARD_MS = 3000;
/** A trial in which the bench itself stood still for longer is made again: another program had the machine. */
const LATE_MS = 20;
/** The body's mind is asked about every 50 ms: signals come at any moment of that. */
const BEAT_MS = 50;

export type MindTrials = {
  readonly kills?: number;
  readonly hangs?: number;
  readonly bodies?: number;
  readonly seed?: number;
};

/** What becomes of a moving robot when its mind, or its body, dies or hangs: R6. */
export async function benchMind({ kills = 50, hangs = 50, bodies = 20, seed = 6 }: MindTrials = {}): Promise<Row[]> {
  const random = seeded(seed);
  const minds = await withRoom((room) => mindTrials(room, { kills, hangs }, random));
  return [
    ...rows('mind killed: to rest at the socket', minds.killed, LINES.killed),
    ...rows('mind stopped (SIGSTOP): to rest at the socket', minds.stopped, LINES.hanging),
    ...rows('mind in an endless loop: to rest at the socket', minds.looping, LINES.hanging),
    ...rows('mind collecting garbage for 2 s: to rest at the socket', minds.collecting, LINES.hanging),
    ...(await bodyTrials(bodies, random)),
  ];
}

type Room = Rig<unknown>;

async function withRoom<T>(use: (room: Room) => Promise<T>): Promise<T> {
  const room = await rig(endlessDot, { start: [0.5, 0.5], size: 1 });
  try {
    return await use(room);
  } finally {
    await room.close();
  }
}

/** One thing done to a mind, what makes it well again, and whether it tells when it has begun: it hears of the signal when it looks. */
type Mishap = {
  readonly name: string;
  readonly signal: NodeJS.Signals;
  readonly cure?: NodeJS.Signals;
  readonly tells?: boolean;
};

async function mindTrials({ url, robot }: Room, { kills, hangs }: { kills: number; hangs: number }, random: Random) {
  let body: BodyProcess | undefined;
  const self = lateness();
  const ready = async (): Promise<BodyProcess> => {
    if (body?.over !== undefined) {
      await body.ended;
      body = undefined;
    }
    body ??= await restlessBody(url);
    await moving(robot);
    return body;
  };
  const trials = async (count: number, { name, signal, cure, tells }: Mishap): Promise<number[]> => {
    const found: number[] = [];
    for (let again = 0; found.length < count; ) {
      const it = await ready();
      const { pid } = it.mind;
      await pause(BEAT_MS * random.uniform(), clock);
      self.take();
      const signalMs = clock.now();
      process.kill(pid, signal);
      const beganMs = () => Number(it.line.slice(BEGAN.length));
      while (tells && !(beganMs() > signalMs) && clock.now() - signalMs < HEARD_MS) await pause(5, clock);
      await pause(WATCH_MS, clock);
      const sinceMs = tells ? beganMs() : signalMs;
      const { readyMs } = it.mind; // another one may be there already
      const { ms } = stopSince(robot, sinceMs, readyMs > sinceMs ? readyMs : Number.POSITIVE_INFINITY);
      const lateMs = self.take();
      if (lateMs > LATE_MS && again < count) again++;
      else found.push(ms);
      if (ms > LINES.hanging || lateMs > LATE_MS) {
        const events = it.events.filter(({ timeMs }) => timeMs > sinceMs - 500);
        const told = events.map(({ timeMs, what }) => `${(timeMs - sinceMs).toFixed(0)} ms: ${what}`);
        const arrivals = robot.arrivals().filter(({ timeMs }) => timeMs > sinceMs - 100 && timeMs < sinceMs + 600);
        const heard = arrivals.map(
          ({ timeMs, action }) => `${(timeMs - sinceMs).toFixed(0)}${isMotion(action) ? '+' : ''}`,
        );
        process.stderr.write(
          `mind, ${name}: ${ms.toFixed(0)} ms, this process late by ${lateMs.toFixed(0)} ms; ${told.join('; ')}; heard ${heard.join(' ')}\n`,
        );
      }
      if (cure !== undefined) process.kill(pid, cure);
      await pause(WATCH_MS, clock);
      if (found.length % 10 === 0) process.stderr.write(`mind, ${name}: ${found.length} of ${count}, ${again} again\n`);
    }
    return found;
  };
  try {
    return {
      stopped: await trials(hangs, { name: 'stopped', signal: 'SIGSTOP', cure: 'SIGCONT' }),
      collecting: await trials(hangs, { name: 'collecting', signal: 'SIGHUP', tells: true }),
      looping: await trials(hangs, { name: 'looping', signal: 'SIGUSR2', cure: 'SIGKILL', tells: true }),
      killed: await trials(kills, { name: 'killed', signal: 'SIGKILL' }),
    };
  } finally {
    self.close();
    await body?.close();
  }
}

async function bodyTrials(count: number, random: Random): Promise<Row[]> {
  const killed: number[] = [];
  const ended: number[] = [];
  const rested: number[] = [];
  let acknowledged = 0;
  for (let i = 0; i < 2 * count; i++) {
    const steps: { readonly timeMs: number; readonly moved: boolean }[] = [];
    const world = {
      ...endlessDot,
      step: (...[state, action]: Parameters<typeof endlessDot.step>) => {
        steps.push({ timeMs: clock.now(), moved: isMotion(action) });
        return endlessDot.step(state, action);
      },
    };
    const room = await rig(world, { start: [0.5, 0.5], size: 1 });
    const body = await restlessBody(room.url);
    await moving(room.robot);
    await pause(BEAT_MS * random.uniform(), clock);
    const sinceMs = clock.now();
    if (i % 2 === 0) {
      body.child.kill('SIGKILL');
      await pause(1500, clock);
      const last = steps.findLast(({ moved }) => moved)!;
      killed.push(last === steps.at(-1) ? Number.POSITIVE_INFINITY : last.timeMs - sinceMs);
    } else {
      body.child.kill('SIGTERM');
      const { timeMs, code, acknowledged: heard } = await body.ended;
      ended.push(code === 0 ? timeMs - sinceMs : Number.POSITIVE_INFINITY);
      await pause(100, clock);
      rested.push(stopSince(room.robot, sinceMs).ms);
      if (heard) acknowledged++;
    }
    await room.close();
    if (i % 10 === 9) process.stderr.write(`body: ${i + 1} of ${2 * count}\n`);
  }
  return [
    ...rows('body killed: to the last step that the robot makes', killed, LINES.bodyKilled),
    ...rows('body told to end (SIGTERM): to its exit with 0', ended, LINES.ended),
    row('the same: rest at the socket, p50', summarise(rested).p50, 'ms'),
    row('the same: rest at the socket, longest', Math.max(...rested), 'ms'),
    row(`the same: last rest acknowledged, of ${count}`, acknowledged, '', { name: 'pass line', value: count }),
  ];
}

function rows(name: string, ms: readonly number[], line: number): Row[] {
  const { p50, p95 } = summarise(ms);
  const within = ms.filter((one) => one <= line).length;
  return [
    row(`${name} (N = ${ms.length}): within ${line} ms`, within, '', { name: 'pass line', value: ms.length }),
    row('the same: p50', p50, 'ms'),
    row('the same: p95', p95, 'ms'),
    row('the same: longest', Math.max(...ms), 'ms', { name: 'pass line', value: line }, 'lower'),
  ];
}
