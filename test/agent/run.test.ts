import { fork } from 'node:child_process';
import {
  BehaviorSubject,
  filter,
  firstValueFrom,
  interval,
  map,
  type Observable,
  ReplaySubject,
  Subject,
  skip,
  skipWhile,
  tap,
  timeout,
} from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { worldDriver } from '../../sim/world-driver.ts';
import type { Motion } from '../../src/agent/act.ts';
import type { Dials } from '../../src/agent/dials.ts';
import type { RemoteOptions } from '../../src/agent/remote-agent.ts';
import { run } from '../../src/agent/run.ts';
import { type Ready, spawnMind } from '../../src/agent/spawn-mind.ts';
import type { ThoughtReport } from '../../src/agent/wire.ts';
import { realClock } from '../../src/clock.ts';
import type { Action, Driver } from '../../src/drivers/driver.ts';
import { MindLost } from '../../src/errors.ts';
import type { Verdict } from '../../src/safety/gate.ts';
import { sibling } from '../../src/spawn.ts';
import { type Dot, dotFrame, dotWorld } from '../support/dot.ts';

const mindOf = (checkpoint: string) => ({
  module: new URL('../support/dot-mind.ts', import.meta.url).href,
  load: { checkpoint },
  goal: { frame: dotFrame([1, 1]) },
});
const patience = <T>(stream$: Observable<T>) => firstValueFrom(stream$.pipe(timeout({ first: 20_000 })));
const moving = ({ action }: Verdict) => action[0]! > 0;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A dot that strives for ever and gets nowhere, its mind in another process. */
function strive(checkpoint: string, { mind, ...options }: Partial<RemoteOptions> = {}) {
  const clock = realClock();
  const verdicts$ = new ReplaySubject<Verdict>();
  const error$ = new ReplaySubject<Error>();
  const pids: number[] = [];
  const log: string[] = [];
  const world = { ...dotWorld, step: (): Dot => [0, 0] };
  const robot = worldDriver(world, { start: [0, 0], size: 1, clock });
  const commands: Action[] = [];
  const record = tap((action: Action) => commands.push(action));
  const driver: Driver = { ...robot, connect: (actions$) => robot.connect(actions$.pipe(record)) };
  const running = run(driver, {
    clock,
    restarts: 0,
    ...options,
    onVerdict: (verdict) => verdicts$.next(verdict),
    mind: { ...mindOf(checkpoint), onLog: (line) => log.push(line), ...mind, onReady: ({ pid }) => pids.push(pid) },
  }).subscribe({ error: (error) => error$.next(error) });
  const end = () => running.unsubscribe();
  ends.push(end);
  return {
    end,
    commands,
    pids,
    log,
    /** The first verdict that fits, of those after `since`. */
    next: (fits: (verdict: Verdict) => boolean, since?: Verdict) =>
      patience(
        verdicts$.pipe(
          skipWhile((one) => since !== undefined && one !== since),
          filter(fits),
        ),
      ),
    verdicts: () => {
      const all: Verdict[] = [];
      verdicts$.subscribe((verdict) => all.push(verdict)).unsubscribe();
      return all;
    },
    error: () => patience(error$),
  };
}

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a mind in its own process', () => {
  test('moves the robot; ending the run rests it', async () => {
    const dot = strive('well');
    await dot.next(moving);
    expect(dot.commands.at(-1)).not.toEqual([0, 0]);
    dot.end();
    expect(dot.commands.at(-1)).toEqual([0, 0]);
  });

  test('killed: the robot rests, and the error says so', async () => {
    const dot = strive('well');
    await dot.next(moving);
    process.kill(dot.pids[0]!, 'SIGKILL');
    const lost = await dot.next(({ reason }) => reason === 'mind lost');
    expect(lost.action).toEqual([0, 0]);
    const error = await dot.error();
    expect(error).toBeInstanceOf(MindLost);
    expect(error.message).toMatch(/SIGKILL/);
    const after = dot.verdicts().filter(({ timeMs }) => timeMs > lost.timeMs);
    expect(after.every(({ action }) => action.every((value) => value === 0))).toBe(true);
    expect(dot.verdicts().at(-1)!.reason).toBe('end');
  });

  test('stopped: the robot rests; continued: it moves again', async () => {
    const dot = strive('well');
    await dot.next(moving);
    process.kill(dot.pids[0]!, 'SIGSTOP');
    const lost = await dot.next(({ reason }) => reason === 'mind lost' || reason === 'silence');
    expect(lost.action).toEqual([0, 0]);
    process.kill(dot.pids[0]!, 'SIGCONT');
    expect((await dot.next(moving, lost)).timeMs).toBeGreaterThan(lost.timeMs);
  });

  test('thinking in an endless loop: the robot rests, and the mind is ended at last', async () => {
    const dot = strive('loops', { mind: { ...mindOf('loops'), endMs: 500 } });
    await dot.next(moving);
    const lost = await dot.next(({ reason }) => reason === 'mind lost');
    expect(lost.action).toEqual([0, 0]);
    expect((await dot.error()).message).toMatch(/no answer for \d+ ms/);
  });

  test.each([
    ['throws', /out of ideas/],
    ['rejects elsewhere', /lost in thought/],
    ['exits', /exit code 7/],
  ])('that %s: the robot rests, and the error is told', async (mishap, message) => {
    const dot = strive(mishap);
    await dot.next(moving);
    expect(String(await dot.error())).toMatch(message);
    expect(dot.verdicts().at(-1)).toMatchObject({ action: [0, 0], reason: 'end' });
  });

  test('is started again after it was lost', async () => {
    const losses: MindLost[] = [];
    const dot = strive('well', { restarts: 1, onLost: (error) => losses.push(error) });
    await dot.next(moving);
    process.kill(dot.pids[0]!, 'SIGKILL');
    const lost = await dot.next(({ reason }) => reason === 'mind lost');
    await dot.next(moving, lost);
    expect(losses).toHaveLength(1);
    expect(new Set(dot.pids).size).toBe(2);
  });

  test('is gone when the run has ended', async () => {
    const dot = strive('well');
    await dot.next(moving);
    dot.end();
    await expect.poll(() => alive(dot.pids[0]!), { timeout: 10_000 }).toBe(false);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s to the body ends the run in peace, the robot at rest', async (signal) => {
  const { url, execArgv } = sibling(new URL('../support/dot.ts', import.meta.url).href, 'dot-body');
  const child = fork(url, { execArgv, stdio: 'pipe' });
  ends.push(() => child.kill('SIGKILL'));
  const commands: Action[] = [];
  const moves = new Promise<void>((resolve) => {
    child.on('message', (action: Action) => {
      commands.push(action);
      if (action[0]! > 0) resolve();
    });
  });
  const over = new Promise((resolve) => child.once('close', resolve));
  await moves;
  child.kill(signal);
  expect(await over).toBe(0);
  expect(commands.at(-1)).toEqual([0, 0]);
});

describe('starting a mind', () => {
  test('that cannot: one line, its hint and its exit code', async () => {
    const mind = spawnMind(mindOf('damaged'));
    ends.push(mind.close);
    const error = await mind.ready.catch((error) => error);
    expect(error).toBeInstanceOf(MindLost);
    expect(error).toMatchObject({ message: 'checkpoint is damaged', hint: 'make a new one', exitCode: 3 });
  });

  test('from a module that is not there', async () => {
    const mind = spawnMind({ ...mindOf(''), module: new URL('./nowhere.ts', import.meta.url).href });
    ends.push(mind.close);
    await expect(mind.ready).rejects.toThrow(/nowhere/);
  });

  test('that takes too long', async () => {
    const mind = spawnMind({ ...mindOf('slow'), startMs: 300 });
    ends.push(mind.close);
    await expect(mind.ready).rejects.toThrow(/not ready after 300 ms/);
  });

  test('thinks as its dials are turned, while it does', async () => {
    const dials$ = new BehaviorSubject<Dials>({});
    const refinements$ = new Subject<number>();
    const dot = strive('well', {
      mind: {
        ...mindOf('well'),
        think: { iterations: 3 },
        dials$,
        onThought: ({ refinements }) => refinements$.next(refinements),
      },
    });
    expect(await patience(refinements$)).toBe(3);
    dials$.next({ iterations: 5 });
    await patience(refinements$.pipe(filter((count) => count === 5)));
    dot.end();
  });

  test('is opened anew for other sizes, stays as it is where it cannot be, and goes on for the same goal', async () => {
    const dials$ = new BehaviorSubject<Dials>({});
    const thoughts$ = new Subject<ThoughtReport>();
    const ready$ = new ReplaySubject<Ready>();
    const log$ = new ReplaySubject<string>();
    const mind = spawnMind({
      ...mindOf('well'),
      dials$,
      onReady: (about) => ready$.next(about),
      onThought: (thought) => thoughts$.next(thought),
      onLog: (line) => log$.next(line),
    });
    ends.push(mind.close);
    const clock = realClock();
    const frames = { camera: dotFrame([0, 0]) };
    const seen$ = interval(20).pipe(map(() => ({ timeMs: clock.now(), action: [0, 0], frames })));
    const motions$ = new ReplaySubject<Motion>();
    const seeing = seen$.pipe(mind.think).subscribe(motions$);
    ends.push(() => seeing.unsubscribe());
    await patience(thoughts$);

    dials$.next({ samples: 2 });
    expect(await patience(log$)).toBe('the mind stays as it is: samples must be at least 3, got 2');
    await patience(thoughts$);
    dials$.next({ samples: 40, iterations: 2 });
    expect(await patience(ready$.pipe(filter(({ samples }) => samples !== undefined)))).toMatchObject({
      samples: 40,
      iterations: 2,
      pid: mind.pid,
    });
    expect((await patience(thoughts$.pipe(skip(1)))).refinements).toBe(2); // it has its goal, and sees
    dials$.next({ weights: { nonsense: 1 } });
    expect((await patience(thoughts$)).refinements).toBe(2);
  });

  test('tells what runs it, and of its thoughts: costs, distance, paths', async () => {
    const thoughts$ = new ReplaySubject<ThoughtReport>();
    const dot = strive('well', {
      mind: {
        ...mindOf('well'),
        think: { iterations: 3, picturesEveryMs: 0, surprise: true },
        onThought: (thought) => thoughts$.next(thought),
      },
    });
    const thought = await patience(thoughts$);
    expect(thought.refinements).toBe(3);
    expect(thought.costs).toHaveLength(3);
    expect(thought.distance).toBeCloseTo(Math.SQRT2);
    expect(thought.sketch?.paths?.best).toHaveLength(8); // here, and after each of three blocks
    expect(thought.sketch?.paths?.elites).toHaveLength(6);
    dot.end();
  });
});
