import type { SchedulerAction } from 'rxjs';
import type { Clock } from '../src/clock.ts';
import type { Action } from '../src/drivers/driver.ts';
import type { Random } from '../src/random.ts';
import { policyOf } from './play.ts';
import type { Policy, Pull, Task, World } from './world.ts';

/** Who acts: a policy of the task by its name, or a person. */
export const MANUAL = 'manual';

/** One moment of an episode that somebody watches. */
export type Moment<State> = {
  readonly episode: number;
  readonly step: number;
  readonly state: State;
  readonly goal: State;
  /** What was done to get here; rest at the start. */
  readonly action: Action;
  readonly reached: boolean;
};

/** What was done so far in an episode: states of all moments, and the actions between them. */
export type Trace<State> = { readonly states: readonly State[]; readonly actions: readonly Action[] };

export type PlaygroundOptions<State> = {
  readonly task: Task<State>;
  readonly world: World<State>;
  readonly policy: string;
  readonly random: Random;
  readonly clock: Clock;
  /** Where the first episode starts: drawn, unless given. */
  readonly start?: State;
  /** Told of the first moment at once, then of every one that follows. */
  readonly onMoment: (moment: Moment<State>) => void;
};

/** A world to watch and to play with; it runs by the clock until it is paused. */
export interface Playground<State> {
  readonly running: boolean;
  readonly policy: string;
  readonly speed: number;
  readonly trace: Trace<State>;
  run(): void;
  pause(): void;
  /** One control step, while paused. */
  step(): void;
  /** Times as fast as in life: 0.1 is slow motion. */
  setSpeed(speed: number): void;
  setPolicy(name: string): void;
  /** The keys that a person holds down, and the place of the picture that is pointed at. */
  hold(keys: readonly string[], point?: readonly [x: number, y: number]): void;
  /** Draws something about until it is let go (undefined). */
  pull(what: Pull | undefined): void;
  /** Another episode. */
  reset(): void;
  close(): void;
}

/** Opens a playground, paused at the start of its first episode. Throws `UsageError` for an unknown policy. */
export function playground<State>(options: PlaygroundOptions<State>): Playground<State> {
  const { task, world, random, clock, onMoment } = options;
  const { rest } = world.actionSpec;
  let hands: { keys: readonly string[]; point?: readonly [number, number] } = { keys: [] };
  let pull: Pull | undefined;
  let speed = 1;
  let beat: SchedulerAction<unknown> | undefined;
  let name = checked(options.policy);
  let moment: Moment<State>;
  let policy: Policy<State>;
  let trace: { states: State[]; actions: Action[] };

  function checked(wanted: string): string {
    if (wanted !== MANUAL) policyOf(task, wanted);
    return wanted;
  }
  const actor = (): Policy<State> =>
    name === MANUAL
      ? { act: (state) => byHand(task, world, state, hands), next: (state) => state, done: () => false }
      : policyOf(task, name)(world, random.fork(`policy ${moment.episode}/${trace.actions.length}`));
  const begin = (episode: number) => {
    const its = random.fork(episode);
    const start = (episode === 0 && options.start) || world.reset(its.fork('reset'));
    const goal = task.goal(world, start, its.fork('goal'), true);
    const state = task.aimed?.(start, goal) ?? start;
    moment = { episode, step: 0, state, goal, action: rest, reached: task.reached(state, goal) };
    trace = { states: [state], actions: [] };
    policy = actor();
    onMoment(moment);
  };
  const advance = () => {
    const from = pull && world.pull ? world.pull(moment.state, pull) : moment.state;
    const action = policy.act(from).map(Math.fround);
    const state = policy.next(world.step(from, action));
    trace.states.push(state);
    trace.actions.push(action);
    const reached = task.reached(state, moment.goal);
    moment = { ...moment, step: moment.step + 1, state, action, reached };
    onMoment(moment);
    const over = name !== MANUAL && (policy.done(state) || moment.step >= task.maxSteps);
    if (over) begin(moment.episode + 1);
  };
  const run = () => {
    beat?.unsubscribe();
    let due = clock.now() + world.periodMs / speed;
    beat = clock.schedule(function () {
      advance();
      due = Math.max(due + world.periodMs / speed, clock.now()); // late steps are left out, not made up for
      this.schedule(undefined, due - clock.now());
    }, world.periodMs / speed) as SchedulerAction<unknown>;
  };
  const pause = () => {
    beat?.unsubscribe();
    beat = undefined;
  };
  begin(0);
  return {
    get running() {
      return beat !== undefined;
    },
    get policy() {
      return name;
    },
    get speed() {
      return speed;
    },
    get trace() {
      return trace;
    },
    run,
    pause,
    step: () => {
      if (beat === undefined) advance();
    },
    setSpeed: (wanted) => {
      if (!(wanted > 0 && Number.isFinite(wanted))) throw new RangeError(`speed must be above 0, got ${wanted}`);
      speed = wanted;
      if (beat) run();
    },
    setPolicy: (wanted) => {
      name = checked(wanted);
      policy = actor();
    },
    hold: (keys, point) => {
      hands = { keys, ...(point && { point }) };
    },
    pull: (what) => {
      pull = what;
    },
    reset: () => begin(moment.episode + 1),
    close: pause,
  };
}

/** What a person's hands ask for, within the limits: the sum of the keys', else towards the place pointed at, else rest. */
function byHand<State>(
  task: Task<State>,
  world: World<State>,
  state: State,
  { keys, point }: { readonly keys: readonly string[]; readonly point?: readonly [number, number] },
): Action {
  const { low, high, rest } = world.actionSpec;
  const held = keys.flatMap((key) => (task.keys && Object.hasOwn(task.keys, key) ? [task.keys[key]!.action] : []));
  const wanted =
    held.length > 0
      ? rest.map((still, axis) => held.reduce((sum, action) => sum + action[axis]!, still))
      : point && task.toward
        ? task.toward(world, state, point)
        : rest;
  return wanted.map((value, axis) => Math.min(high[axis]!, Math.max(low[axis]!, value)));
}
