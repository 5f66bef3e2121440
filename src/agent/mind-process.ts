import {
  BehaviorSubject,
  catchError,
  distinctUntilChanged,
  EMPTY,
  finalize,
  from,
  map,
  type Observable,
  ReplaySubject,
  Subject,
  switchMap,
} from 'rxjs';
import { pause, realClock } from '../clock.ts';
import type { Observation } from '../drivers/driver.ts';
import { PremotorError } from '../errors.ts';
import type { Context } from '../perception/context.ts';
import type { Understood } from '../planner/interpreter.ts';
import { seeded } from '../random.ts';
import type { Motion } from './act.ts';
import { ITERATIONS, type Thought } from './deliberate.ts';
import type { Dials } from './dials.ts';
import { exhaustLatest } from './exhaust-latest.ts';
import type { Goal } from './goal.ts';
import { mind } from './mind.ts';
import type { MindModule, MindModuleOptions, OpenMind } from './mind-module.ts';
import { type Sketch, sketch } from './sketch.ts';
import type { ThinkSettings, ToBody, ToMind } from './wire.ts';

// The mind, as a process of its own. It owns the models, never the robot; started by spawn-mind.ts, it ends with its parent.

/** Without a word from the body for so long, there is none. */
const ORPHAN_MS = 10_000;

const clock = realClock();
const observations$ = new Subject<Observation>();
const goal$ = new ReplaySubject<Goal>(1);
let goals = 0;
let orphan: NodeJS.Timeout | undefined;

const tell = (message: ToBody, sent?: () => void) => {
  if (process.connected) process.send!(message, undefined, {}, () => sent?.());
  else process.exit();
};
const fail = (error: unknown) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof PremotorError) && stack) console.error(stack);
  const { hint, exitCode } = error instanceof PremotorError ? error : { hint: undefined, exitCode: 1 };
  tell({ kind: 'failed', message, hint, exitCode }, () => process.exit(exitCode));
};

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal; the body rests the robot first, then ends the mind
process.on('disconnect', () => process.exit());
process.on('message', (message: ToMind) => {
  if (message.kind === 'start') start(message).catch(fail);
  else if (message.kind === 'ping') ping(message.count);
  else if (message.kind === 'seen') see(message);
  else if (message.kind === 'tune') tune(message.dials);
  else {
    goals++;
    goal$.next(message.goal);
  }
});

function ping(count: number): void {
  clearTimeout(orphan);
  orphan = setTimeout(() => process.exit(), ORPHAN_MS);
  tell({ kind: 'pong', count });
}

function see({ seen, missed }: Extract<ToMind, { kind: 'seen' }>): void {
  tell({ kind: 'taken' });
  for (const { timeMs, action } of missed) observations$.next({ timeMs, action, frames: {} });
  observations$.next(seen);
}

const dials$ = new BehaviorSubject<Dials>({});
function tune(dials: Dials): void {
  dials$.next({ ...dials$.value, ...told(dials) });
}

/** Dials not told of stay as they are. */
const told = (dials: Dials): Dials =>
  Object.fromEntries(Object.entries(dials).filter(([, value]) => value !== undefined));

async function start({ module, load, think }: Extract<ToMind, { kind: 'start' }>): Promise<void> {
  const { openMind } = (await import(module)) as MindModule;
  let isFirst = true;
  const reopen = (options: MindModuleOptions) =>
    from(openMind(options)).pipe(
      catchError((error: Error) => {
        if (isFirst) throw error;
        tell({ kind: 'rejected', message: `the mind stays as it is: ${error.message}` });
        return EMPTY;
      }),
    );
  dials$
    .pipe(
      map(({ samples = load.samples, horizon = load.horizon }) => ({ ...load, samples, horizon })),
      distinctUntilChanged((a, b) => a.samples === b.samples && a.horizon === b.horizon),
      exhaustLatest(reopen),
      switchMap((opened) => {
        isFirst = false;
        return live(opened, think);
      }),
    )
    .subscribe({ next: (motion) => tell({ kind: 'motion', motion, goals }), error: fail });
}

/** Sees and thinks with an open mind, until another takes its place. */
function live(opened: OpenMind, think: ThinkSettings): Observable<Motion> {
  const { imagination, planner, engine, model, samples, warmStart, aim, dispose } = opened;
  const report = reporter(opened, think, () => !turned.closed);
  const seenMs: number[] = [];
  let told = Promise.resolve(); // in order: what was seen is told with the thought that came of it
  const iterations = () => dials$.value.iterations ?? think.iterations ?? imagination.refinements ?? ITERATIONS;
  const turned = dials$.subscribe(({ weights = {} }) => {
    for (const [name, weight] of Object.entries(weights)) {
      try {
        imagination.weigh?.({ [name]: weight });
      } catch (error) {
        tell({ kind: 'rejected', message: (error as Error).message });
      }
    }
  });
  const limit = think.maxSurprise === 'auto' ? imagination.nominalSurprise : think.maxSurprise;
  const parts = {
    imagination,
    planner,
    goal$,
    clock,
    random: seeded(think.seed ?? 0),
    options: { ...think, iterations, warmStart, aim, maxSurprise: limit },
    watch: {
      onContext: ({ timeMs }: Context) => seenMs.push(timeMs),
      onThought: (thought: Thought) => {
        const seen = seenMs.splice(0);
        told = told
          .then(() => report(thought, seen))
          .catch((error) => {
            if (!turned.closed) fail(error);
          });
      },
      onGoal: (latent: Float32Array, goal: Goal, understood?: Understood) =>
        tell({
          kind: 'goal',
          novelty: 'frame' in goal ? imagination.novelty?.(goal.frame, latent) : undefined,
          ...(understood && { understood: { ...understood, picture: imagination.recall?.(latent) } }),
        }),
      onStartled: (startled: boolean, surprise: ToBodySurprise) => tell({ kind: 'startled', startled, surprise }),
      onReject: ({ message }: Error) => tell({ kind: 'rejected', message }),
      ...(think.surprise ? { onSurprise: (surprise: ToBodySurprise) => tell({ kind: 'surprise', surprise }) } : {}),
    },
  };
  const { pictureSize, nominalSurprise, shape } = imagination;
  const facts = {
    iterations: iterations(),
    weights: imagination.costs?.(),
    nominalSurprise,
    blockMs: shape.frameskip * shape.periodMs,
    samples,
    horizon: shape.horizon,
  };
  tell({ kind: 'ready', engine, pictureSize, model, ...facts });
  return observations$.pipe(
    mind(parts),
    finalize(() => {
      turned.unsubscribe();
      dispose().catch(fail);
    }),
  );
}

type ToBodySurprise = Extract<ToBody, { kind: 'surprise' }>['surprise'];

/** Tells of thoughts, and draws some of them once the motion is on its way; of one that another mind has taken the place of by then nothing. */
function reporter(
  { imagination }: OpenMind,
  { picturesEveryMs = Number.POSITIVE_INFINITY }: ThinkSettings,
  isLive: () => boolean,
) {
  let drawnMs = Number.NEGATIVE_INFINITY;
  return async (thought: Thought, seenMs: readonly number[]) => {
    const { context, goal, elapsedMs, refinements, kept, costs, weights } = thought;
    let drawn: Sketch | undefined;
    if (clock.now() - drawnMs >= picturesEveryMs) {
      drawnMs = clock.now();
      const drawing = sketch(imagination, thought);
      await pause(0, clock);
      drawn = await drawing;
    }
    const distance = imagination.distance(context.latents[context.latents.length - 1]!, goal);
    const report = {
      timeMs: context.timeMs,
      elapsedMs,
      refinements,
      kept,
      costs,
      weights,
      distance,
      seenMs,
      sketch: drawn,
    };
    if (isLive()) tell({ kind: 'thought', report });
  };
}
