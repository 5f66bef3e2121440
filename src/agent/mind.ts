import {
  catchError,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  endWith,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  type OperatorFunction,
  of,
  ReplaySubject,
  switchMap,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Observation } from '../drivers/driver.ts';
import { PremotorError } from '../errors.ts';
import type { Context } from '../perception/context.ts';
import type { Imagination } from '../planner/imagination.ts';
import type { Understood } from '../planner/interpreter.ts';
import type { Planner } from '../planner/planner.ts';
import type { Random } from '../random.ts';
import { type Motion, motion, silence } from './act.ts';
import { type DeliberateOptions, deliberate, type Thought } from './deliberate.ts';
import { type Goal, goalLatent, understand } from './goal.ts';
import { perceive } from './perceive.ts';
import { type Surprise, surprise } from './surprise.ts';

/** Sees and thinks: observations in, motions out. In this process or, spawned, in another one. */
export type Mind = OperatorFunction<Observation, Motion>;

export type ThinkOptions = Omit<DeliberateOptions, 'clock' | 'random' | 'calm'> & {
  /** Name of the camera; the first one of an observation unless given. */
  readonly camera?: string | undefined;
  /** What is seen may be so far from what was expected; while it is further, twice in a row, the mind has nothing to say. No limit unless given. */
  readonly maxSurprise?: number | undefined;
};

export type MindWatch = {
  readonly onContext?: ((context: Context) => void) | undefined;
  readonly onThought?: ((thought: Thought) => void) | undefined;
  /** Measured only if someone wants to know. */
  readonly onSurprise?: ((surprise: Surprise) => void) | undefined;
  /** Told when surprise begins to be more than it may, and when it ends to be. */
  readonly onStartled?: ((startled: boolean, surprise: Surprise) => void) | undefined;
  /** Told of every goal, once its latent is known; of words also what was understood. */
  readonly onGoal?: ((latent: Float32Array, goal: Goal, understood?: Understood) => void) | undefined;
  /** Told of pictures that are none, and of words that are not understood: the mind has nothing to say then. Unless it is given, such words end it. */
  readonly onReject?: ((error: PremotorError) => void) | undefined;
};

export type MindParts = {
  readonly imagination: Imagination;
  readonly planner: Planner;
  readonly goal$: Observable<Goal>;
  readonly clock: Clock;
  readonly random: Random;
  readonly options?: ThinkOptions | undefined;
  readonly watch?: MindWatch | undefined;
};

/** Latents kept in a context: surprise looks one further back than the predictor does. */
export const remembered = ({ contextLength }: Pick<Imagination, 'contextLength'>): number => contextLength + 1;

/** The newest part of a context, as a predictor looks back on it. */
export const shortened = ({ timeMs, latents, blocks }: Context, contextLength: number): Context => ({
  timeMs,
  latents: latents.slice(-contextLength),
  blocks: contextLength > 1 ? blocks.slice(1 - contextLength) : [],
});

/** A mind in this process. A new goal takes over at once: thinking begins anew from the newest context, the old motion ends. */
export function mind({ imagination, planner, goal$, clock, random, options = {}, watch = {} }: MindParts): Mind {
  const { contextLength } = imagination;
  const eyes = { clock, camera: options.camera, onReject: watch.onReject, contextLength: remembered(imagination) };
  const forPlanner = (context: Context) => shortened(context, contextLength);

  const pursue = (contexts$: Observable<Context>) => (goal: Goal) => {
    const latent$ =
      'words' in goal
        ? contexts$.pipe(
            take(1),
            switchMap(({ latents }) => clock.track(understand(goal.words, latents.at(-1)!, imagination))),
            tap((understood) => watch.onGoal?.(understood.latent, goal, understood)),
            map(({ latent }) => latent),
            catchError((error: Error) => {
              if (!watch.onReject || !(error instanceof PremotorError)) throw error;
              watch.onReject(error);
              return EMPTY;
            }),
          )
        : from(clock.track(goalLatent(goal, imagination))).pipe(tap((latent) => watch.onGoal?.(latent, goal)));
    const motions$ = latent$.pipe(
      switchMap((latent) =>
        contexts$.pipe(deliberate(imagination, planner, latent, { ...options, calm, clock, random })),
      ),
      tap((thought) => watch.onThought?.(thought)),
      map(({ plan }) => motion(plan, imagination)),
    );
    return merge(of(silence), motions$);
  };
  const { maxSurprise = Number.POSITIVE_INFINITY } = options;
  const { nominalSurprise = Number.POSITIVE_INFINITY } = imagination;
  const relies = options.warmStart !== undefined && nominalSurprise < Number.POSITIVE_INFINITY;
  const marvels = watch.onSurprise !== undefined || relies || maxSurprise < Number.POSITIVE_INFINITY;
  let newest = 0; // how surprising what was seen last was
  let over = false; // more than it may be
  const calm = () => newest <= nominalSurprise;
  /** One value whenever what is seen begins, or ends, to be further from what was expected than it may. */
  const startled = (contexts$: Observable<Context>): Observable<boolean> =>
    !marvels
      ? EMPTY
      : contexts$.pipe(
          surprise(imagination, clock),
          tap((found) => {
            newest = found.distance;
            watch.onSurprise?.(found);
          }),
          map((found) => {
            const [before, now] = [over, !(found.distance <= maxSurprise)];
            over = now;
            return { found, is: before && now }; // one frame that came late or torn is not the world
          }),
          distinctUntilChanged((before, now) => before.is === now.is),
          filter(({ is }, index) => is || index > 0), // calm from the beginning is no news
          tap(({ is, found }) => watch.onStartled?.(is, found)),
          map(({ is }) => is),
        );

  const live = (contexts$: Observable<Context>): Observable<Motion> =>
    defer(() => {
      let is = false;
      const hush$ = startled(contexts$).pipe(
        tap((now) => {
          is = now;
        }),
        filter(Boolean),
        map(() => silence),
      );
      const goals$ = goal$.pipe(takeUntil(contexts$.pipe(ignoreElements(), endWith(0)))); // nothing seen any more
      const motions$ = goals$.pipe(switchMap(pursue(contexts$.pipe(map(forPlanner)))));
      return merge(hush$, motions$.pipe(filter((wanted) => !is || wanted === silence)));
    });

  return (observations$) =>
    observations$.pipe(
      perceive(imagination, eyes),
      tap((context) => watch.onContext?.(context)),
      connect(live, { connector: () => new ReplaySubject<Context>(1) }), // a new goal starts from what was seen last
    );
}
