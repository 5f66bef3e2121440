import { type Observable, Subject, type Subscription } from 'rxjs';
import type { Clock } from '../../clock.ts';
import { BadMessage } from '../../errors.ts';
import { siblingWorker } from '../../spawn.ts';
import type { Frame } from '../driver.ts';
import { greyOfDepth } from './messages/depth.ts';
import type { PictureKind, PictureOptions } from './picture.ts';
import { partsOf } from './picture-parts.ts';
import type { Said } from './picture-worker.ts';
import { checkSize } from './resize.ts';

export type PicturesOptions = PictureOptions & {
  readonly clock: Clock;
  /** A picture that could not be read, or that the worker died of or took too long over; already counted. */
  readonly onBad: (error: Error) => void;
};

/** Pictures in = used + dropped + bad + those (at most two) in work and waiting. */
export type PictureCounts = {
  readonly in: number;
  readonly used: number;
  readonly dropped: number;
  readonly bad: number;
};

export interface Pictures<M> {
  /** Takes a message; a newer one replaces it as long as it waits. `meta` comes out with its frame. Never throws. */
  offer(kind: PictureKind, message: unknown, meta: M): void;
  readonly frames$: Observable<{ readonly frame: Frame; readonly meta: M }>;
  counts(): PictureCounts;
  /** Ends the worker; what is in work or waiting is dropped. */
  close(): void;
}

/** So long may a picture take, and so long may a worker take to start. */
const PICTURE_MS = 1000;
const START_MS = 10_000;
/** Before a worker that did not even start is replaced. */
const RESTART_MS = 500;

type Job<M> = { readonly kind: PictureKind; readonly message: unknown; readonly meta: M };

/**
 * Decodes and resizes pictures in a worker thread, one at a time and always the newest. A worker that dies, or takes more
 * than a second over a picture, is replaced. Throws `RangeError` when size or depth cannot be.
 */
export function pictures<M>({ clock, onBad, ...options }: PicturesOptions): Pictures<M> {
  if (options.size !== undefined) checkSize(options.size);
  greyOfDepth(options.depth);
  const frames$ = new Subject<{ frame: Frame; meta: M }>();
  const counts = { in: 0, used: 0, dropped: 0, bad: 0 };
  let waiting: Job<M> | undefined;
  let inWork: Job<M> | undefined;
  let worker: ReturnType<typeof siblingWorker> | undefined;
  let ready = false;
  let closed = false;
  let timer: Subscription | undefined;
  let settled = () => {};

  /** What to do if the worker says nothing for so long; a virtual clock stands still until it does. */
  const expectAnswer = (ms: number, late: () => void) => {
    settle();
    const answer = new Promise<void>((resolve) => {
      settled = resolve;
    });
    void clock.track(answer);
    timer = clock.schedule(late, ms);
  };
  const settle = () => {
    timer?.unsubscribe();
    settled();
  };

  const start = () => {
    const started = siblingWorker(import.meta.url, 'picture-worker', {
      workerData: options,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    started.on('message', (said: Said) => started === worker && hear(said));
    started.on('error', (error) => started === worker && replace(`died: ${error.message}`));
    started.on('exit', () => started === worker && replace('ended by itself'));
    worker = started;
    expectAnswer(START_MS, () => replace(`did not start within ${START_MS} ms`));
  };

  const stop = () => {
    settle();
    const stopped = worker;
    worker = undefined;
    ready = false;
    void stopped?.terminate();
  };

  /** Another worker for this one; what it had, or could not begin with, is bad. */
  const replace = (why: string) => {
    const wasReady = ready;
    const lost = wasReady ? finished() : taken();
    stop();
    if (wasReady) start();
    else timer = clock.schedule(start, RESTART_MS);
    if (lost !== undefined)
      refuse(new BadMessage(`the picture must be decoded within ${PICTURE_MS} ms, but the worker ${why}`));
  };

  const hear = (said: Said) => {
    settle();
    worker!.unref(); // a worker that waits keeps no process alive
    const job = finished();
    if ('ready' in said) ready = true;
    else if (job !== undefined && 'frame' in said) {
      counts.used++;
      frames$.next({ frame: said.frame, meta: job.meta });
    } else if ('bad' in said) refuse(new BadMessage(said.bad));
    work();
  };

  /** Starts on the newest picture, if there is one and the worker is free. */
  const work = () => {
    while (ready && inWork === undefined && waiting !== undefined) send(taken()!);
  };

  const send = (job: Job<M>) => {
    try {
      const { parts, buffers } = partsOf(job.kind, job.message);
      worker!.postMessage({ kind: job.kind, message: parts }, buffers);
    } catch (cause) {
      refuse(
        cause instanceof BadMessage ? cause : new BadMessage('the picture must be plain data, got more', { cause }),
      );
      return;
    }
    inWork = job;
    worker!.ref();
    expectAnswer(PICTURE_MS, () => replace('took longer'));
  };

  const refuse = (error: BadMessage) => {
    counts.bad++;
    onBad(error);
  };
  const taken = () => {
    const job = waiting;
    waiting = undefined;
    return job;
  };
  const finished = () => {
    const job = inWork;
    inWork = undefined;
    return job;
  };

  start();
  return {
    offer: (kind, message, meta) => {
      counts.in++;
      if (closed || waiting !== undefined) counts.dropped++;
      if (closed) return;
      waiting = { kind, message, meta };
      work();
    },
    frames$: frames$.asObservable(),
    counts: () => ({ ...counts }),
    close: () => {
      if (closed) return;
      closed = true;
      stop();
      for (const job of [finished(), taken()]) if (job !== undefined) counts.dropped++;
      frames$.complete();
    },
  };
}
