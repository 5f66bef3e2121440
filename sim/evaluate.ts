import { createAgent } from '../src/agent/create-agent.ts';
import type { ThinkOptions } from '../src/agent/mind.ts';
import { run } from '../src/agent/run.ts';
import { virtualClock } from '../src/clock.ts';
import type { KeepOut } from '../src/planner/guardrails/keep-out.ts';
import type { Imagination } from '../src/planner/imagination.ts';
import type { Planner } from '../src/planner/planner.ts';
import { type Random, seeded } from '../src/random.ts';
import type { Pair } from './pairs.ts';
import { summarise, type Timing } from './timing.ts';
import type { Expert, Protocol, Task } from './world.ts';
import { worldDriver } from './world-driver.ts';

/** Side of the pictures where the model takes any, px. */
const DEFAULT_SIZE = 64;

/** What happened in one episode. */
export type EpisodeRecord = {
  readonly episode: number;
  readonly step: number;
  readonly success: boolean;
  /** Control steps taken until the judgement. */
  readonly steps: number;
  readonly start: readonly number[];
  readonly goal: readonly number[];
  readonly end: readonly number[];
  /** Was what shall be kept out of ever entered? */
  readonly entered: boolean;
};

export type Evaluation = {
  readonly records: readonly EpisodeRecord[];
  /** Share of successes, percent. */
  readonly success: number;
  readonly planMs: Timing;
  /** One over the mean time of a plan: how often the machine could replan. */
  readonly replansPerSecond: number;
};

export type EvaluateOptions<State> = {
  readonly protocol: Protocol<State>;
  readonly pairs: readonly Pair<State>[];
  readonly seed: number;
  /** Of the machine, ms: plans are timed by it, never steered. */
  readonly now: () => number;
  /** The goal in words; shown as a picture unless given. Words that ask for nothing that is remembered are a failure. */
  readonly ask?: ((goal: State) => string) | undefined;
  readonly onEpisode?: (record: EpisodeRecord, done: number) => void;
  /** Discs of the picture that shall not be entered, sides of it; only watched here. */
  readonly keepOut?: readonly KeepOut[];
  readonly signal?: AbortSignal;
};

/** The agent on every pair, frame by frame in virtual time: thinking takes no time of the world, and is timed apart. */
export async function evaluateAgent<State>(
  options: EvaluateOptions<State>,
  imagination: Imagination,
  planner: Planner,
  think: ThinkOptions = {},
): Promise<Evaluation> {
  const times: number[] = [];
  const records = await overPairs(options, async ({ start, goal }, random, judge) => {
    const { protocol, now, ask } = options;
    const clock = virtualClock();
    const size = imagination.pictureSize ?? DEFAULT_SIZE;
    let began = 0;
    const agent = createAgent({
      imagination,
      planner,
      goal: ask ? { words: ask(goal) } : { frame: protocol.world.render(goal, size) },
      ...(ask && { onReject: () => {} }),
      spec: protocol.world.actionSpec,
      clock,
      random,
      ...think,
      onContext: () => {
        began = now();
      },
      onThought: ({ kept }) => {
        if (!kept) times.push(now() - began);
      },
    });
    const { periodMs } = protocol.world;
    const driver = worldDriver(protocol.world, { start, size, clock, onState: judge.visit });
    let failure: unknown;
    const loop = run(driver, agent).subscribe({
      error: (error) => {
        failure = error;
      },
    });
    for (let step = 0; step <= protocol.budget && !judge.done() && failure === undefined; step++) {
      await clock.run(step * periodMs);
    }
    loop.unsubscribe();
    if (failure !== undefined) throw failure;
  });
  const planMs = summarise(times);
  return { records, success: share(records), planMs, replansPerSecond: planMs.mean > 0 ? 1000 / planMs.mean : 0 };
}

/** Uniformly random actions on every pair: what the protocol is worth. */
export function evaluateRandom<State>(options: EvaluateOptions<State>): Promise<readonly EpisodeRecord[]> {
  const { low, high } = options.protocol.world.actionSpec;
  const draw = (random: Random) => () => low.map((lowest, axis) => lowest + random.uniform() * (high[axis]! - lowest));
  return overPairs(options, ({ start }, random, judge) => playOut(options.protocol, start, draw(random), judge));
}

/** The task's expert, who sees the true state, on every pair: what can be reached. */
export function evaluateExpert<State>(
  options: EvaluateOptions<State>,
  { expert, aimed = (state) => state }: Pick<Task<State>, 'expert' | 'aimed'>,
): Promise<readonly EpisodeRecord[]> {
  const { protocol } = options;
  return overPairs(options, ({ start, goal }, random, judge) =>
    playOut(protocol, aimed(start, goal), expert(protocol.world, random), judge),
  );
}

async function playOut<State>(
  { world, budget }: Protocol<State>,
  start: State,
  act: Expert<State>,
  judge: Judge<State>,
): Promise<void> {
  let state = start;
  judge.visit(state);
  for (let step = 0; step < budget && !judge.done(); step++) {
    state = world.step(state, act(state));
    judge.visit(state);
  }
}

/** Percent of successes. */
export const share = (records: readonly EpisodeRecord[]): number =>
  records.length === 0 ? 0 : (100 * records.filter(({ success }) => success).length) / records.length;

type Judge<State> = { visit(state: State): void; done(): boolean };

/** Is a place of the picture in one of these discs, or nearer than `margin` to it? */
export const isWithin = (discs: readonly KeepOut[], [px, py]: readonly [x: number, y: number], margin = 0): boolean =>
  discs.some(({ x, y, radius }) => Math.hypot(px - x, py - y) < radius + margin);

async function overPairs<State>(
  { protocol, pairs, seed, onEpisode, signal, keepOut = [] }: EvaluateOptions<State>,
  play: (pair: Pair<State>, random: Random, judge: Judge<State>) => Promise<void>,
): Promise<EpisodeRecord[]> {
  const records: EpisodeRecord[] = [];
  const { encodeState } = protocol.world;
  for (const [number, pair] of pairs.entries()) {
    signal?.throwIfAborted();
    const visited: State[] = [];
    let success = false;
    const judge = {
      visit: (state: State) => {
        if (success || visited.length > protocol.budget) return;
        visited.push(state);
        success = protocol.success(visited, pair.goal);
      },
      done: () => success,
    };
    await play(pair, seeded(seed).fork(`pair ${number}`), judge);
    const record = {
      episode: pair.episode,
      step: pair.step,
      success,
      steps: visited.length - 1,
      start: encodeState(pair.start),
      goal: encodeState(pair.goal),
      end: encodeState(visited.at(-1)!),
      entered: visited.some((state) => isWithin(keepOut, protocol.world.locate(state))),
    };
    records.push(record);
    onEpisode?.(record, number + 1);
  }
  return records;
}
