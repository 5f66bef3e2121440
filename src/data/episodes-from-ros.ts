import type { Action, Frame } from '../drivers/driver.ts';
import { BadMessage } from '../errors.ts';
import type { Episode } from './episode.ts';

/** Something a recording tells, at a time of its own clock, ms. */
export type Sample =
  | {
      readonly kind: 'frame';
      readonly timeMs: number;
      readonly camera: string;
      /** Throws `BadMessage`. */
      readonly read: () => Frame;
    }
  | { readonly kind: 'command'; readonly timeMs: number; readonly action: Action }
  /** One part of the state: of `parts` there are as many as there are sources of it. */
  | { readonly kind: 'state'; readonly timeMs: number; readonly part: number; readonly values: readonly number[] };

export type EpisodeOptions = {
  readonly periodMs: number;
  /** The action in force before the first command. */
  readonly rest: Action;
  /** Sources of the state; with 0 the state is one zero. */
  readonly stateParts: number;
  /** No picture for longer than this ends an episode; 1000 unless given. */
  readonly gapMs?: number;
  /** Longer episodes are cut; 100 unless given. */
  readonly maxSteps?: number;
  /** A command is in force no longer than this, then rest is; for ever unless given. */
  readonly holdMs?: number;
  /** Told of every picture that could not be read. */
  readonly onBad?: (error: BadMessage) => void;
};

type Timed<T> = { readonly timeMs: number; readonly value: T };
/** An episode being put together; its next moment is at `fromMs + moments * periodMs`. */
type Open = { fromMs: number; moments: number; frames: Uint8Array[]; states: number[]; actions: number[] };

/**
 * Cuts a recording, in the order of its times, into episodes with a moment every `periodMs`. A moment has the newest picture and
 * state that are not later; between two moments stands the mean of the actions in force, each held until the next.
 */
export async function* episodesFrom(samples: AsyncIterable<Sample>, options: EpisodeOptions): AsyncGenerator<Episode> {
  const { periodMs, rest, stateParts, gapMs = 1000, maxSteps = 100, holdMs = Infinity, onBad = () => {} } = options;
  if (!(periodMs > 0)) throw new RangeError(`periodMs must be above 0, got ${periodMs}`);
  if (!(Number.isInteger(maxSteps) && maxSteps >= 1))
    throw new RangeError(`maxSteps must be at least 1, got ${maxSteps}`);
  let open: Open | undefined;
  let newest: Extract<Sample, { kind: 'frame' }> | undefined;
  let shown: Uint8Array | undefined;
  const commands: Timed<Action>[] = [];
  const states: Timed<readonly number[]>[][] = Array.from({ length: stateParts }, () => []);

  const start = (fromMs: number) => {
    open = { fromMs, moments: 0, frames: [], states: [], actions: [] };
    shown = undefined;
  };
  const finish = (): Episode | undefined => {
    const done = open;
    open = undefined;
    if (!done || done.moments < 2) return undefined;
    return {
      actions: Float32Array.from(done.actions),
      states: Float64Array.from(done.states),
      frames: joined(done.frames),
    };
  };
  /** Adds the moment at `timeMs`; false when there is no picture to begin with. */
  const add = (episode: Open, timeMs: number): boolean => {
    try {
      shown = newest!.read().data;
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      onBad(error);
    }
    if (!shown) return false;
    if (episode.moments > 0) episode.actions.push(...meanAction(commands, timeMs - periodMs, timeMs, rest, holdMs));
    episode.frames.push(shown);
    episode.states.push(...(stateParts === 0 ? [0] : states.flatMap((part) => at(part, timeMs)!.value)));
    episode.moments++;
    return true;
  };
  /** Moments for which all is known: before `untilMs`, or at it. */
  const settle = function* (untilMs: number, included: boolean): Generator<Episode> {
    while (open) {
      const timeMs = open.fromMs + open.moments * periodMs;
      if (included ? timeMs > untilMs : timeMs >= untilMs) return;
      if (!add(open, timeMs)) {
        open = undefined;
        return;
      }
      if (open.moments > maxSteps) {
        const again = open.frames.at(-1)!;
        const state = open.states.slice(-open.states.length / open.moments);
        const whole = finish();
        if (whole) yield whole;
        open = { fromMs: timeMs, moments: 1, frames: [again], states: state, actions: [] };
      }
      for (const list of [commands, ...states]) forget(list as Timed<unknown>[], timeMs);
    }
  };

  for await (const sample of samples) {
    const { timeMs } = sample;
    if (newest && timeMs - newest.timeMs > gapMs && open) {
      yield* settle(newest.timeMs, true);
      const ended = finish();
      if (ended) yield ended;
    }
    if (sample.kind === 'frame') {
      yield* settle(timeMs, false);
      newest = sample;
      if (!open && states.every((part) => at(part, timeMs))) start(timeMs);
    } else if (sample.kind === 'command') commands.push({ timeMs, value: sample.action });
    else states[sample.part]!.push({ timeMs, value: sample.values });
    if (!open) for (const list of [commands, ...states]) forget(list as Timed<unknown>[], timeMs);
  }
  if (newest) yield* settle(newest.timeMs, true);
  const last = finish();
  if (last) yield last;
}

/** The newest of a list, in order of time, that is not later. */
function at<T>(list: readonly Timed<T>[], timeMs: number): Timed<T> | undefined {
  for (let i = list.length - 1; i >= 0; i--) if (list[i]!.timeMs <= timeMs) return list[i];
  return undefined;
}

/** Drops what is older than the entry that is in force at `timeMs`. */
function forget(list: Timed<unknown>[], timeMs: number): void {
  let keep = 0;
  while (keep + 1 < list.length && list[keep + 1]!.timeMs <= timeMs) keep++;
  list.splice(0, keep);
}

/** Mean over `[fromMs, toMs)` of commands that each hold until the next, but no longer than `holdMs`. */
export function meanAction(
  commands: readonly Timed<Action>[],
  fromMs: number,
  toMs: number,
  rest: Action,
  holdMs = Number.POSITIVE_INFINITY,
): Action {
  const pieces: { readonly ms: number; readonly action: Action }[] = [];
  const piece = (beginMs: number, endMs: number, action: Action) => {
    const ms = Math.min(endMs, toMs) - Math.max(beginMs, fromMs);
    if (ms > 0) pieces.push({ ms, action });
  };
  piece(-Infinity, commands[0]?.timeMs ?? Infinity, rest);
  commands.forEach(({ timeMs, value }, i) => {
    const nextMs = commands[i + 1]?.timeMs ?? Infinity;
    piece(timeMs, Math.min(nextMs, timeMs + holdMs), value);
    piece(timeMs + holdMs, nextMs, rest);
  });
  if (pieces.length === 1) return pieces[0]!.action;
  return rest.map((_, axis) => pieces.reduce((sum, { ms, action }) => sum + ms * action[axis]!, 0) / (toMs - fromMs));
}

/** A picture comes after all else of its moment, so that an episode can begin with it. */
const isBefore = (a: Sample, b: Sample): boolean =>
  a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.kind !== 'frame' && b.kind === 'frame');

/**
 * Samples in the order of their times, when none comes later than `windowMs` after a newer one; those that do are taken to be as
 * old as the ones before them.
 */
export async function* inOrder(samples: AsyncIterable<Sample>, windowMs = 500): AsyncGenerator<Sample> {
  const waiting: Sample[] = [];
  let toldMs = Number.NEGATIVE_INFINITY;
  const told = (sample: Sample): Sample => {
    toldMs = Math.max(toldMs, sample.timeMs);
    return sample.timeMs === toldMs ? sample : { ...sample, timeMs: toldMs };
  };
  for await (const sample of samples) {
    let place = waiting.length;
    while (place > 0 && isBefore(sample, waiting[place - 1]!)) place--;
    waiting.splice(place, 0, sample);
    const newestMs = waiting.at(-1)!.timeMs;
    let ready = 0;
    while (waiting[ready]!.timeMs < newestMs - windowMs) ready++;
    for (const one of waiting.splice(0, ready)) yield told(one);
  }
  for (const one of waiting) yield told(one);
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const size = frames[0]!.length;
  const all = new Uint8Array(frames.length * size);
  for (const [i, frame] of frames.entries()) all.set(frame, i * size);
  return all;
}
