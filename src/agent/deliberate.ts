import { defer, filter, Observable, type OperatorFunction, tap } from 'rxjs';
import { type Clock, pause } from '../clock.ts';
import type { Context } from '../perception/context.ts';
import type { CostWeights } from '../planner/costs.ts';
import type { Imagination } from '../planner/imagination.ts';
import { advance, blankPlan, type Plan, type Planner, type Score } from '../planner/planner.ts';
import type { Random } from '../random.ts';
import { exhaustLatest } from './exhaust-latest.ts';

/** Refinements per thought unless the models or somebody say otherwise. */
export const ITERATIONS = 10;

export type DeliberateOptions = {
  readonly clock: Clock;
  readonly random: Random;
  /** Refinements per thought, at most: what the models say, else 10, unless given. One that may change is asked for every time; while it is 0 nothing is thought. */
  readonly iterations?: number | (() => number) | undefined;
  /**
   * No refinement is begun that would, going by the last one, end later than this. One always is made, but where `warmStart` has
   * something better than nothing to offer: with no time left that is done.
   */
  readonly budgetMs?: number | undefined;
  /** Contexts that come sooner than this after the last one thought about are let go: 0 unless given. */
  readonly replanMs?: number | undefined;
  /** Time of the clock that a refinement is taken to last, in virtual time: 0 unless given. */
  readonly refinementMs?: number | undefined;
  /** Where to plan to from here, with the goal in mind: a sub-goal where that is too far. The goal itself unless given. */
  readonly aim?: ((context: Context, goal: Float32Array) => Promise<Float32Array>) | undefined;
  /** May better the plan a thought starts from, e.g. with what a learned prior proposes. */
  readonly warmStart?: ((context: Context, goal: Float32Array, plan: Plan) => Promise<Start>) | undefined;
  /** Is the world as it was expected to be? While it is not, no arrival is relied on. It always is unless given. */
  readonly calm?: (() => boolean) | undefined;
};

/** What a thought starts from. */
export type Start = {
  readonly plan: Plan;
  /**
   * After how many blocks of it the goal is imagined to be reached. Where it is, nothing is searched for, and where the first block does
   * it the plan is carried out to the end of that block: what is planned for a block may be done late in it as well as early, and who
   * plans anew at every step never begins. Never unless given.
   */
  readonly arrival?: number | undefined;
};

/** One thought: the plan it came to, and how. */
export type Thought = {
  readonly plan: Plan;
  readonly context: Context;
  readonly goal: Float32Array;
  readonly elapsedMs: number;
  readonly refinements: number;
  /** The last plan is carried out, and nothing was thought. */
  readonly kept: boolean;
  /** Of the plan after each refinement. */
  readonly costs: readonly number[];
  /** How much the costs weighed. */
  readonly weights?: CostWeights | undefined;
  /** What the last refinement looked at: `[S, H, B]` and its costs `[S]`. To be read at once: planners may use them again. */
  readonly scored: { readonly candidates: Float32Array; readonly costs: Float32Array } | undefined;
};

/**
 * Contexts in, thoughts out, newest context only. Anytime: the last plan, seen from now, is refined until `iterations` or
 * `budgetMs`. A plan that would arrive after its horizon, or with numbers that are none, is dropped.
 */
export function deliberate(
  imagination: Imagination,
  planner: Planner,
  goal: Float32Array,
  options: DeliberateOptions,
): OperatorFunction<Context, Thought> {
  const { clock, replanMs = 0, iterations = imagination.refinements ?? ITERATIONS } = options;
  if (typeof iterations === 'number' && !(iterations >= 1))
    throw new RangeError(`iterations must be at least 1, got ${iterations}`);
  const idle = () => typeof iterations === 'function' && iterations() < 1;
  const { shape } = imagination;
  const horizonMs = shape.horizon * shape.frameskip * shape.periodMs;

  return (contexts$) =>
    defer(() => {
      let last = blankPlan(shape, 0);
      let lastMs = Number.NEGATIVE_INFINITY;
      const think = thinker(imagination, planner, goal, options);
      return contexts$.pipe(
        filter(({ timeMs }) => timeMs - lastMs >= replanMs - 1e-6 && !idle()),
        exhaustLatest((context) => {
          lastMs = context.timeMs;
          return alive((wanted) => think(context, advance(last, context.timeMs, shape), wanted));
        }),
        filter(({ plan }) => plan.mean.every(Number.isFinite)),
        filter(({ plan }) => clock.now() - plan.timeMs < horizonMs),
        tap(({ plan }) => {
          last = plan;
        }),
      );
    });
}

/** What a refinement is taken to last fades by this, thought by thought without one. */
const FORGETFUL = 0.5;

/**
 * One thought at a time, from a context and the plan to start from. Chance is drawn anew for each, by the context's time: the
 * same context, plan and number of refinements give the same thought, whatever was thought in between.
 */
export const thinker = (imagination: Imagination, planner: Planner, goal: Float32Array, options: DeliberateOptions) => {
  const { clock, random, budgetMs = Number.POSITIVE_INFINITY, refinementMs = 0 } = options;
  const { iterations = imagination.refinements ?? ITERATIONS } = options;
  const { warmStart, calm = () => true } = options;
  const { aim = async (_, goal) => goal } = options;
  const { frameskip, periodMs } = imagination.shape;
  let usualMs = 0; // for a refinement

  return async (context: Context, start: Plan, wanted: () => boolean): Promise<Thought> => {
    const weights = imagination.costs?.();
    const relies = calm();
    if (relies && start.untilMs !== undefined && context.timeMs < start.untilMs - 1e-6)
      return {
        plan: start,
        context,
        goal,
        elapsedMs: 0,
        refinements: 0,
        kept: true,
        costs: [],
        weights,
        scored: undefined,
      };
    const beganMs = clock.now();
    const chance = random.fork(context.timeMs);
    const costs: number[] = [];
    let scored: Thought['scored'];
    const aimed = await clock.track(aim(context, goal));
    const score = imagination.score(context, aimed);
    const look = (candidates: Float32Array, found: Float32Array) => {
      scored = { candidates, costs: found };
      return found;
    };
    const { slopes } = score;
    const watched: Score = Object.assign(
      async (candidates: Float32Array) => look(candidates, await score(candidates)),
      slopes && {
        slopes: async (candidates: Float32Array) => {
          const found = await slopes(candidates);
          look(candidates, found.costs);
          return found;
        },
      },
    );

    const begun: Start =
      warmStart === undefined ? { plan: start } : await clock.track(warmStart(context, aimed, start));
    let { plan } = begun;
    const { arrival = Number.POSITIVE_INFINITY } = relies ? begun : {};
    const enough = arrival < Number.POSITIVE_INFINITY;
    let spentMs = clock.now() - beganMs;
    const hasTime = () => (costs.length === 0 && warmStart === undefined) || spentMs + usualMs <= budgetMs;
    const most = typeof iterations === 'function' ? iterations() : iterations;
    while (!enough && costs.length < most && hasTime() && wanted()) {
      plan = await clock.track(planner(plan, watched, chance));
      costs.push(plan.cost);
      await pause(refinementMs, clock); // breathe: frames, timers and a new goal come first
      usualMs = clock.now() - beganMs - spentMs;
      spentMs += usualMs;
    }
    plan = { ...plan, untilMs: arrival <= 1 ? context.timeMs + frameskip * periodMs : undefined };
    if (!enough && costs.length === 0) usualMs *= FORGETFUL; // or one slow refinement would end all search
    const elapsedMs = clock.now() - beganMs;
    return { plan, context, goal, elapsedMs, refinements: costs.length, kept: false, costs, weights, scored };
  };
};

/** A promise as a stream, whose maker can ask whether it is still wanted. */
const alive = <T>(make: (wanted: () => boolean) => Promise<T>): Observable<T> =>
  new Observable((subscriber) => {
    const give = (value: T) => {
      subscriber.next(value);
      subscriber.complete();
    };
    make(() => !subscriber.closed).then(give, (error) => subscriber.error(error));
  });
