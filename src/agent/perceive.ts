import { catchError, defer, EMPTY, filter, from, map, type OperatorFunction, tap } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Seen } from '../data/view.ts';
import type { Frame, Observation } from '../drivers/driver.ts';
import { BadPicture } from '../errors.ts';
import type { Context } from '../perception/context.ts';
import type { Imagination } from '../planner/imagination.ts';
import { exhaustLatest } from './exhaust-latest.ts';
import { checkFrame } from './goal.ts';
import { memory } from './memory.ts';

export type PerceiveOptions = {
  readonly clock: Clock;
  /** Name of the camera; the first one of an observation unless given. A model of several cameras knows its own. */
  readonly camera?: string | undefined;
  /** Latents in a context, at most; as many as the predictor looks back on unless given. */
  readonly contextLength?: number;
  /** Told of frames that are no pictures of the right size; they are skipped. */
  readonly onReject?: ((error: BadPicture) => void) | undefined;
};

/**
 * Observations in, a context out for every frame that is encoded: the newest whenever the encoder is free, never a queue.
 * A context at `t` holds the latents at `t`, `t - blockMs`, ... as far as they were seen, and the actions in force between.
 * An observation without frames (one that a busy mind has missed) only tells its action; an older one than the last is dropped.
 */
export function perceive(imagination: Imagination, options: PerceiveOptions): OperatorFunction<Observation, Context> {
  const { clock, camera, onReject, contextLength = imagination.contextLength } = options;

  const see = async ({ timeMs, frame }: Sight) => {
    checkFrame(frame, imagination.pictureSize, 'the camera frame');
    return { timeMs, latent: await clock.track(imagination.see(frame)) };
  };
  const reject = (error: unknown) => {
    if (!(error instanceof BadPicture)) throw error;
    onReject?.(error);
    return EMPTY;
  };

  return (observations$) =>
    defer(() => {
      const { act, remember } = memory(imagination, contextLength);
      let newestMs = Number.NEGATIVE_INFINITY;
      return observations$.pipe(
        filter(({ timeMs }) => timeMs > newestMs),
        tap((seen) => {
          newestMs = seen.timeMs;
          act(seen.timeMs, seen.action);
        }),
        map((seen) => sight(seen, imagination.view ?? ((it) => only(it, camera)))),
        filter((seen) => seen !== undefined),
        exhaustLatest((seen) => from(see(seen)).pipe(catchError(reject))), // the newest frame whenever the encoder is free
        map(({ timeMs, latent }) => remember(timeMs, latent)),
      );
    });
}

type Sight = { readonly timeMs: number; readonly frame: Frame };

const sight = (seen: Observation, view: NonNullable<Imagination['view']>): Sight | undefined => {
  const frame = view(seen);
  return frame && { timeMs: seen.timeMs, frame };
};

const only = ({ frames }: Seen, camera: string | undefined): Frame | undefined =>
  camera === undefined ? Object.values(frames)[0] : frames[camera];
