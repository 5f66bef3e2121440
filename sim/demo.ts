import { type Subject, type Subscription, tap } from 'rxjs';
import type { Agent } from '../src/agent/body.ts';
import type { Goal } from '../src/agent/goal.ts';
import { run } from '../src/agent/run.ts';
import type { Clock } from '../src/clock.ts';
import type { Action, Driver, Frame, Observation } from '../src/drivers/driver.ts';
import type { Random } from '../src/random.ts';
import type { Task } from './world.ts';
import { worldDriver } from './world-driver.ts';

/** One goal of the course: what it was, and how it went. */
export type Leg = { readonly far: boolean; readonly reached: boolean; readonly ms: number };

export type DemoOptions<State> = {
  readonly task: Task<State>;
  readonly random: Random;
  readonly clock: Clock;
  /** Goals in a row, and how many of them are hard ones (in TwoRoom: in the other room). */
  readonly goals: number;
  readonly far: number;
  /** The goals themselves, instead of drawn ones; `goals` of them. */
  readonly pictures?: readonly { readonly frame: Frame; readonly state: State }[];
  /** Time for each goal, and for each control step, ms. */
  readonly limitMs: number;
  readonly periodMs: number;
  /** Side of the pictures, px. */
  readonly size: number;
  readonly agent: Agent;
  /** Told the goal of every leg; the agent must listen to it. */
  readonly goal$: Pick<Subject<Goal>, 'next'>;
  /** While true, the time for a goal stands still. */
  readonly held?: () => boolean;
  /** Rests the robot and ends with the legs so far. */
  readonly signal?: AbortSignal;
  readonly onBegin?: (leg: { readonly index: number; readonly far: boolean; readonly frame: Frame }) => void;
  readonly onEnd?: (leg: Leg, index: number) => void;
  readonly onFrame?: (frame: Frame) => void;
  /** Every action as it reaches the robot, the last rest included. */
  readonly onAction?: (action: Action) => void;
};

/** Goal after goal, each begun where the last one ended, in real time or whatever `clock` says. Rejects if the agent fails. */
export function demo<State>(options: DemoOptions<State>): Promise<readonly Leg[]> {
  const { task, random, clock, goals, far, limitMs, periodMs, size, agent, goal$, held = () => false } = options;
  const world = task.world();
  const kinds = shuffled(goals, far, random.fork('kinds'));
  const places = random.fork('places');
  const legs: Leg[] = [];
  let aim: { readonly state: State; ms: number } | undefined;
  let lastMs = clock.now();
  let loop: Subscription | undefined;

  const drawn = (state: State) => ({ state, frame: world.render(state, size) });
  const begin = (from: State) => {
    const kind = kinds[legs.length]!;
    const { state, frame } = options.pictures?.[legs.length] ?? drawn(task.goal(world, from, places, kind));
    aim = { state, ms: 0 };
    goal$.next({ frame });
    options.onBegin?.({ index: legs.length, far: kind, frame });
  };

  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      options.signal?.removeEventListener('abort', stop);
      loop?.unsubscribe(); // rests the robot
      settle();
    };
    const stop = () => finish(() => resolve(legs));
    const judge = (state: State, timeMs: number) => {
      if (aim === undefined) begin(state);
      else if (!held()) aim.ms += timeMs - lastMs;
      lastMs = timeMs;
      const reached = task.reached(state, aim!.state);
      if (!reached && aim!.ms < limitMs) return;
      const leg = { far: kinds[legs.length]!, reached, ms: aim!.ms };
      legs.push(leg);
      options.onEnd?.(leg, legs.length - 1);
      if (legs.length === goals) stop();
      else begin(state);
    };
    const robot = worldDriver(world, {
      start: world.reset(random.fork('start')),
      size,
      clock,
      periodMs,
      onState: judge,
    });
    options.signal?.addEventListener('abort', stop);
    loop = run(watched(robot, options), agent).subscribe({ error: (error) => finish(() => reject(error)) });
    if (options.signal?.aborted) stop();
  });
}

/** Far or near, `far` of `goals`, in a drawn order. */
function shuffled(goals: number, far: number, random: Random): boolean[] {
  if (far > goals) throw new RangeError(`far must be at most goals (${goals}), got ${far}`);
  const kinds = Array.from({ length: goals }, (_, i) => i < far);
  for (let i = goals - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [kinds[i], kinds[j]] = [kinds[j]!, kinds[i]!];
  }
  return kinds;
}

/** The same robot, with someone looking on. */
function watched(driver: Driver, { onFrame, onAction }: Pick<DemoOptions<unknown>, 'onFrame' | 'onAction'>): Driver {
  const show = ({ frames }: Observation) => {
    for (const frame of Object.values(frames)) onFrame?.(frame);
  };
  const tell = (action: Action) => onAction?.(action);
  return { ...driver, connect: (actions$) => driver.connect(actions$.pipe(tap(tell))).pipe(tap(show)) };
}
