import { basename } from 'node:path';
import type { Frame } from '../drivers/driver.ts';
import { type Crop, centred, resized } from '../drivers/ros/resize.ts';
import type { DatasetMeta } from './dataset.ts';
import { RECORDED } from './recorded.ts';

/** How a data set of another tool shall become one of ours. */
export type ForeignOptions = {
  /** Pixels per side of the pictures. */
  readonly size: number;
  /** Stretch the whole picture (`fit`, unless given) or take its middle square. */
  readonly crop?: Crop;
  /** Which pictures; the usual name of the format unless given. */
  readonly camera?: string;
  /** Which numbers are the state; the usual names of the format unless given. */
  readonly state?: string;
  /** Keep the picture of every so-manieth row; 1 unless given. */
  readonly frameEvery?: number;
  /** Cut longer episodes; no longer than fits in memory unless given. */
  readonly maxSteps?: number;
  /** Name of the task; what the files say unless given. */
  readonly task?: string;
  /** Time between two rows; what the files say unless given. */
  readonly periodMs?: number;
};

/** What the numbers of an action are called and how far they went. */
export type Axis = { readonly name: string; readonly low: number; readonly high: number };

export type ForeignFacts = {
  readonly format: string;
  readonly path: string;
  readonly camera: string;
  readonly task: string;
  readonly periodMs: number;
  readonly axes: readonly Axis[];
  readonly states: readonly string[];
};

/** What a data set made from another tool's says of itself: as one made from recordings, with the limits of actions as they were seen. */
export function foreignMeta({ size, frameEvery = 1 }: ForeignOptions, facts: ForeignFacts): DatasetMeta {
  const { format, path, camera, task, periodMs, axes, states } = facts;
  return {
    format: 'premotor-episodes/1',
    task,
    seed: 0,
    policy: RECORDED,
    variations: { recordings: [basename(path)], format, camera, axes: [...axes], states: [...states] },
    width: size,
    height: size,
    frameEvery,
    actionSize: axes.length,
    stateSize: Math.max(1, states.length),
    periodMs,
  };
}

/** How far the numbers of actions go, `[rows, A]` at a time; whole and half where they never move, since limits must differ. */
export function actionLimits(size: number) {
  const low = new Float64Array(size).fill(Infinity);
  const high = new Float64Array(size).fill(-Infinity);
  return {
    add: (actions: ArrayLike<number>) => {
      for (let i = 0; i < actions.length; i++) {
        low[i % size] = Math.min(low[i % size]!, actions[i]!);
        high[i % size] = Math.max(high[i % size]!, actions[i]!);
      }
    },
    axes: (names: readonly string[]): Axis[] =>
      names.map((name, i) => {
        const still = !(low[i]! < high[i]!);
        const middle = Number.isFinite(low[i]!) ? low[i]! : 0;
        return { name, low: still ? middle - 0.5 : low[i]!, high: still ? middle + 0.5 : high[i]! };
      }),
  };
}

/** A picture in the wanted size, put at `offset` of `target`. */
export function place(frame: Frame, { size, crop = 'fit' }: ForeignOptions, target: Uint8Array, offset: number): void {
  const to = { width: size, height: size };
  target.set(resized(crop === 'centre' ? centred(frame, to) : frame, to).data, offset);
}

/** Where the first number that is not finite stands, or -1. */
export const firstNotFinite = (values: ArrayLike<number>): number =>
  Array.prototype.findIndex.call(values, (value: number) => !Number.isFinite(value));

/** Names `x0`, `x1`, ... where a file has none. */
export const numbered = (name: string, size: number): string[] => Array.from({ length: size }, (_, i) => `${name}${i}`);
