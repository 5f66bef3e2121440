import { merge, Observable, of, Subject, Subscription } from 'rxjs';
import { type Clock, realClock } from '../clock.ts';
import { MindLost } from '../errors.ts';
import { pulse } from '../pulse.ts';
import { sibling } from '../spawn.ts';
import { type Motion, silence } from './act.ts';
import type { Dials } from './dials.ts';
import type { Goal } from './goal.ts';
import { mailbox } from './mailbox.ts';
import type { Mind } from './mind.ts';
import { type MindChild, mindChild } from './mind-child.ts';
import type { MindModuleOptions } from './mind-module.ts';
import type { Surprise } from './surprise.ts';
import type { Asked, MindFacts, ThinkSettings, ThoughtReport, ToBody } from './wire.ts';

export type SpawnMindOptions = {
  readonly load: MindModuleOptions;
  /** What to reach; or, as a stream that tells a new listener the present goal, what to reach from then on. */
  readonly goal: Goal | Observable<Goal>;
  readonly think?: ThinkSettings | undefined;
  /** How it thinks from then on; tells a new listener the present dials. */
  readonly dials$?: Observable<Dials> | undefined;
  /** Address of the module that opens the mind (see `MindModule`); the one that reads checkpoints unless given. */
  readonly module?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Starts its process; a real one unless given. */
  readonly start?: ((onLog: (line: string) => void) => MindChild) | undefined;
  /** It must be ready after so long: 60 s unless given. */
  readonly startMs?: number | undefined;
  /**
   * It is asked this often whether it is there (25), hangs without an answer for so long (150), and is ended at last (10 s):
   * a hang is known after the sum of the first two, and what the timers are late.
   */
  readonly pingMs?: number | undefined;
  readonly hangMs?: number | undefined;
  readonly endMs?: number | undefined;
  /** Told whenever it was opened: also when dials asked for more, or fewer, candidates or blocks ahead. */
  readonly onReady?: ((about: Ready) => void) | undefined;
  readonly onThought?: ((report: ThoughtReport) => void) | undefined;
  readonly onSurprise?: ((surprise: Surprise) => void) | undefined;
  /** Told of every goal how unlike anything seen it is (`Imagination.novelty`), where the model knows; and what words were taken for. */
  readonly onGoal?: ((novelty: number | undefined, understood?: Asked) => void) | undefined;
  readonly onStartled?: ((startled: boolean, surprise: Surprise) => void) | undefined;
  readonly onLog?: ((line: string) => void) | undefined;
};

export type Ready = {
  readonly pid: number;
  /** What runs the models, for people to read. */
  readonly engine: string;
  readonly pictureSize: number | undefined;
  /** SHA-256 of the model's weights, if it has any. */
  readonly model: string | undefined;
} & MindFacts;

/** A mind in a process of its own. */
export interface SpawnedMind {
  readonly pid: number | undefined;
  /** Rejects with `MindLost`, saying in one line what it said, if it cannot start. */
  readonly ready: Promise<Ready>;
  /** Observations in, motions out; an error, `MindLost`, when it is gone. For one robot. */
  readonly think: Mind;
  /** One value whenever it falls silent, hanging or gone: the robot must rest at once. */
  readonly lost$: Observable<string>;
  /** Ends it, at once. */
  close(): void;
}

/** Starts a mind. It opens its models meanwhile; `close` it in the end. */
export function spawnMind(options: SpawnMindOptions): SpawnedMind {
  const { load, goal, think = {}, module = sibling(import.meta.url, 'load-mind').url.href, onLog = () => {} } = options;
  const clock = options.clock ?? realClock();
  const child = (options.start ?? mindChild)(onLog);
  const hangs$ = new Subject<string>();
  const goal$ = 'subscribe' in goal ? goal : of(goal);
  const sent = { goals: 0, goal$: new Subject<void>() };
  let hungMs = Number.NEGATIVE_INFINITY;

  child.send({ kind: 'start', module, load, think });
  const goals = goal$.subscribe({
    next: (goal) => {
      sent.goals++;
      sent.goal$.next();
      child.send({ kind: 'goal', goal });
    },
    error: (error: Error) => child.kill(`the goals ended: ${error.message}`),
  });
  const ready = firstReady(child, clock, options.startMs ?? 60_000);
  const turned = new Subscription();
  ready.then(
    () => turned.add(options.dials$?.subscribe((dials) => child.send({ kind: 'tune', dials }))),
    () => {},
  );
  const watch = watchOver(child, clock, options, ready, () => {
    hungMs = clock.now();
    hangs$.next('the mind process hangs');
  });
  child.messages$.subscribe({ next: (message) => tell(message, child, options), error: end, complete: end });

  function end() {
    goals.unsubscribe();
    turned.unsubscribe();
    watch.unsubscribe();
  }

  const motions: Mind = (observations$) =>
    new Observable<Motion>((subscriber) => {
      const box = mailbox((seen, missed) => child.send({ kind: 'seen', seen, missed }));
      const heed = (message: ToBody) => {
        if (message.kind === 'taken') box.taken();
        if (message.kind !== 'motion' || message.goals < sent.goals) return; // nothing of a former goal
        const { motion } = message;
        if (motion.timeMs >= hungMs || motion.actions.length === 0) subscriber.next(motion); // nothing of before a hang
      };
      const hush = () => subscriber.next(silence);
      subscriber.add(merge(hangs$, sent.goal$, child.gone$).subscribe(hush));
      subscriber.add(
        child.messages$.subscribe({
          next: heed,
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
      subscriber.add(
        observations$.subscribe({
          next: (seen) => box.put(seen),
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });

  return {
    pid: child.pid,
    ready,
    think: motions,
    lost$: merge(hangs$, child.gone$),
    close: () => child.kill(),
  };
}

function tell(
  message: ToBody,
  child: MindChild,
  { onReady, onThought, onSurprise, onStartled, onGoal, onLog }: SpawnMindOptions,
): void {
  if (message.kind === 'ready') onReady?.(readyOf(message, child));
  else if (message.kind === 'thought') onThought?.(message.report);
  else if (message.kind === 'surprise') onSurprise?.(message.surprise);
  else if (message.kind === 'startled') onStartled?.(message.startled, message.surprise);
  else if (message.kind === 'goal') onGoal?.(message.novelty, message.understood);
  else if (message.kind === 'rejected') onLog?.(message.message);
}

function readyOf({ kind: _, ...about }: Extract<ToBody, { kind: 'ready' }>, { pid }: MindChild): Ready {
  return { pid: pid!, model: undefined, ...about };
}

function firstReady(child: MindChild, clock: Clock, startMs: number): Promise<Ready> {
  const slow = clock.schedule(() => child.kill(`the mind process was not ready after ${startMs} ms`), startMs);
  const ready = new Promise<Ready>((resolve, reject) => {
    child.messages$.subscribe({
      next: (message) => {
        if (message.kind === 'ready') resolve(readyOf(message, child));
      },
      error: reject,
      complete: () => reject(new MindLost('the mind process was closed before it was ready')),
    });
  });
  const stop = () => slow.unsubscribe();
  ready.then(stop, stop); // and nobody need listen
  return ready;
}

/** Once it is ready: asks it whether it is there, tells of a hang once, and ends it if that lasts. */
function watchOver(
  child: MindChild,
  clock: Clock,
  { pingMs = 25, hangMs = 150, endMs = 10_000 }: SpawnMindOptions,
  ready: Promise<Ready>,
  onHang: () => void,
): Subscription {
  const answers$ = new Subject<number>();
  const watch = child.messages$.subscribe({
    next: (message) => {
      if (message.kind === 'pong') answers$.next(message.count);
    },
    error: () => {},
  });
  let hung = false;
  const begin = () => {
    const ask = (count: number) => child.send({ kind: 'ping', count });
    watch.add(
      pulse(ask, answers$, { clock, everyMs: pingMs, hangMs }).subscribe(({ owedMs, hangs }) => {
        if (hangs && !hung) onHang();
        hung = hangs;
        if (owedMs >= endMs) child.kill(`the mind process gave no answer for ${Math.round(owedMs)} ms`);
      }),
    );
  };
  ready.then(begin, () => {});
  return watch;
}
