import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { findTask } from '../../sim/tasks.ts';
import { summarise } from '../../sim/timing.ts';
import { pause } from '../../src/clock.ts';
import { encodePng } from '../../src/data/image.ts';
import { seeded } from '../../src/random.ts';
import { lookOn } from '../pages.ts';
import { type Row, row } from '../row.ts';
import { clock, moving, type Rig, rig, stopSince } from './rig.ts';

/** Between two commands, ms, as the robot's configuration has it. */
const PERIOD_MS = 50;
const WATCHED_MS = 30_000;
const SETTLE_MS = 2000;
const CLICK_P99 = 200;
const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const task = findTask('two-room');
const protocol = task.protocols['clear-strict']!;

/** What pages cost the robot they look at: times between commands at its socket (R10, R11), and an e-stop pressed on one of them. */
export async function benchOnlookers({ presses = 200, seed = 5 } = {}): Promise<Row[]> {
  const random = seeded(seed);
  const { world } = protocol;
  const start = world.reset(random);
  const end = task.goal(world, start, random, true);
  const folder = mkdtempSync(join(tmpdir(), 'premotor-bench-'));
  const goal = join(folder, 'goal.png');
  writeFileSync(goal, encodePng(world.render(end, 64)));
  const room = await rig(world, { start, size: 64 });
  const given = [
    'run',
    '--url',
    room.url,
    '--config',
    'examples/two-room.yaml',
    '--goal',
    goal,
    '--arm',
    '--port',
    '0',
    '--json',
  ];
  const run = spawn(process.execPath, [main, ...given], { stdio: ['ignore', 'ignore', 'pipe'] });
  const children: ChildProcess[] = [run];
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      run.stderr.on('data', (text: Buffer) => {
        said += String(text);
        const found = said.match(/the page is at (http:\S+)/);
        if (found) resolve(found[1]!);
      });
      run.once('exit', () => reject(new Error(`the run ended: ${said}`)));
    });
    const look = (reading: number, deaf: number) => {
      const child = lookOn(url, reading, deaf);
      children.push(child);
      return child;
    };
    await moving(room.robot);
    const rows: Row[] = [];
    for (const [reading, deaf] of [
      [0, 0],
      [5, 0],
      [40, 10],
    ] as const) {
      process.stderr.write(`onlookers: ${reading + deaf} pages, ${deaf} of them not reading\n`);
      const pages = look(reading, deaf);
      await pause(SETTLE_MS, clock);
      rows.push(
        ...beat(`${reading + deaf} pages${deaf ? `, ${deaf} of them not reading` : ''}`, await gaps(room, start)),
      );
      pages.kill();
    }
    const pages = look(5, 0);
    const stops = await pressed(room, start, url, presses, () => random.uniform());
    pages.kill();
    const { p50, p99 } = summarise(stops.ms);
    return [
      ...rows,
      row(`e-stop pressed on the page to rest at the socket, 5 pages (N = ${presses}): p50`, p50, 'ms'),
      row('the same: p99', p99, 'ms', { name: 'pass line', value: CLICK_P99 }, 'lower'),
      row('the same: longest', Math.max(...stops.ms), 'ms'),
      row('motions after the first rest', stops.strays, '', { name: 'pass line', value: 0 }, 'lower'),
    ];
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await room.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Between two commands that the robot read one after the other, while it is sent about. */
async function gaps<State>({ robot }: Rig<State>, start: State): Promise<number[]> {
  const beganMs = clock.now();
  while (clock.now() - beganMs < WATCHED_MS) {
    await pause(2000, clock);
    robot.reset(start);
  }
  const times = robot.arrivals().flatMap(({ timeMs }) => (timeMs >= beganMs ? [timeMs] : []));
  return times.slice(1).map((timeMs, i) => timeMs - times[i]!);
}

/** Commands leave when their time has come, and as soon as there is a new plan: none may be late, many are early. */
function beat(name: string, gaps: readonly number[]): Row[] {
  const share = (value: number) => (100 * value) / PERIOD_MS;
  return [
    row(`${name}: commands read (N = ${gaps.length})`, (1000 * gaps.length) / WATCHED_MS, 'per second'),
    row('the same: p99 of the gaps between them', share(summarise(gaps).p99), '% of the period'),
    row(
      'the same: longest gap',
      share(Math.max(...gaps)),
      '% of the period',
      { name: 'pass line', value: 150 },
      'lower',
    ),
  ];
}

/** Presses on the page, at any moment of a moving robot's beat; resets and arms there too. */
async function pressed<State>({ robot }: Rig<State>, start: State, url: string, presses: number, chance: () => number) {
  const page = new WebSocket(`${url.replace('http', 'ws')}live`, { headers: { Origin: new URL(url).origin } });
  await new Promise((resolve) => page.once('open', resolve));
  const say = (kind: string) => page.send(JSON.stringify({ kind }));
  const ms: number[] = [];
  let strays = 0;
  for (let i = 0; i < presses; i++) {
    robot.reset(start);
    say('reset');
    await pause(100, clock);
    say('run');
    const nudge = setInterval(() => say('run'), 500); // a check may have failed: a frame was late
    await moving(robot).finally(() => clearInterval(nudge));
    await pause(PERIOD_MS * chance(), clock);
    const sinceMs = clock.now();
    say('estop');
    await pause(400, clock);
    const stop = stopSince(robot, sinceMs);
    ms.push(stop.ms);
    strays += stop.strays;
    if (i % 20 === 19) process.stderr.write(`e-stop on the page: ${i + 1} of ${presses}\n`);
  }
  page.close();
  return { ms, strays };
}
