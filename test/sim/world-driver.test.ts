import { of, type SchedulerAction, Subject, Subscription } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { worldDriver } from '../../sim/world-driver.ts';
import { type Clock, virtualClock } from '../../src/clock.ts';
import type { Action, Observation } from '../../src/drivers/driver.ts';
import { type Dot, dotWorld } from '../support/dot.ts';

function drive(periodMs?: number, looks?: (timeMs: number) => boolean) {
  const clock = virtualClock(1000);
  const actions$ = new Subject<Action>();
  const put$ = new Subject<Dot>();
  const seen: Observation[] = [];
  const places: Dot[] = [];
  const driver = worldDriver(dotWorld, {
    start: [0.5, 0.5],
    size: 1,
    clock,
    onState: (dot) => places.push(dot),
    put$,
    ...(periodMs === undefined ? {} : { periodMs }),
    ...(looks === undefined ? {} : { looks }),
  });
  const connection = driver.connect(actions$).subscribe((observation) => seen.push(observation));
  return { clock, actions$, put$, seen, places, connection };
}

describe('a world as a robot', () => {
  test('shows its start, then steps once per period under the action in force', async () => {
    const { clock, actions$, seen, places } = drive();
    await clock.run(1000);
    expect(seen).toEqual([{ timeMs: 1000, action: [0, 0], frames: { camera: dotWorld.render([0.5, 0.5], 1) } }]);
    actions$.next([1, -1]);
    await clock.run(1050);
    expect(places.at(-1)).toEqual([0.55, 0.45]);
    expect(seen.at(-1)!.action).toEqual([1, -1]);
    await clock.run(1099);
    expect(seen).toHaveLength(2);
    actions$.next([0, 0]);
    await clock.run(1150);
    expect(seen.map(({ timeMs }) => timeMs)).toEqual([1000, 1050, 1100, 1150]);
  });

  test('rests until it is told something', async () => {
    const { clock, places } = drive();
    await clock.run(2000);
    expect(places).toHaveLength(21);
    expect(new Set(places.map(String)).size).toBe(1);
  });

  test('an action that comes within a step counts for the time it was in force', async () => {
    const { clock, actions$, seen } = drive();
    await clock.run(1040);
    actions$.next([1, 0.5]);
    await clock.run(1050);
    expect(seen.at(-1)!.action[0]).toBeCloseTo(0.2, 9);
    expect(seen.at(-1)!.action[1]).toBeCloseTo(0.1, 9);
    await clock.run(1100);
    expect(seen.at(-1)!.action).toEqual([1, 0.5]);
  });

  test('may be played faster than its own time, and stops when nobody looks', async () => {
    const { clock, seen, connection } = drive(10);
    await clock.run(1100);
    expect(seen).toHaveLength(11);
    connection.unsubscribe();
    await clock.run(2000);
    expect(seen).toHaveLength(11);
  });

  test('steps that were late are left out, not made up for', async () => {
    let nowMs = 1000;
    let dueMs = nowMs;
    let wake = () => {};
    const clock: Clock = {
      now: () => nowMs,
      track: (work) => work,
      schedule: (work) => {
        const again = Object.assign(new Subscription(), {
          schedule: (_: unknown, delayMs = 0) => {
            dueMs = nowMs + delayMs;
            return again;
          },
        }) as SchedulerAction<never>;
        wake = () => (work as (this: SchedulerAction<never>) => void).call(again);
        return again;
      },
    };
    const places: Dot[] = [];
    const driver = worldDriver(dotWorld, { start: [0, 0], size: 1, clock, onState: (dot) => places.push(dot) });
    const connection = driver.connect(of([1, 1])).subscribe();
    const dues = [1000, 1170, 1200].map((lateMs) => {
      nowMs = lateMs;
      wake();
      return dueMs;
    });
    connection.unsubscribe();
    expect(dues).toEqual([1050, 1200, 1250]);
    expect(places).toEqual([0, 0.05, 0.1].map((x) => [x, x]));
  });

  test('goes on from where it is put, with nothing of what was done before', async () => {
    const { clock, actions$, put$, places } = drive();
    await clock.run(1000);
    actions$.next([1, 1]);
    await clock.run(1030);
    put$.next([0.1, 0.2]);
    actions$.next([0, 0]);
    await clock.run(1050);
    expect(places.at(-1)).toEqual([0.1, 0.2]);
  });

  test('draws nothing when no picture is wanted, and steps all the same', async () => {
    const { clock, seen, places } = drive(undefined, (timeMs) => timeMs % 100 === 0);
    await clock.run(1200);
    expect(places).toHaveLength(5);
    expect(seen.map(({ frames }) => Object.keys(frames).length)).toEqual([1, 0, 1, 0, 1]);
  });
});
