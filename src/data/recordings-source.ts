import { basename } from 'node:path';
import { type RobotConfig, toActionSpec } from '../drivers/ros/config.ts';
import type { BadMessage } from '../errors.ts';
import { episodesFrom, inOrder, type Sample } from './episodes-from-ros.ts';
import type { LostTail } from './mcap.ts';
import { recordedMeta, stateNames } from './recorded.ts';
import { samplesOf } from './samples.ts';
import type { Source } from './source.ts';

export type RecordingsOptions = {
  readonly config: RobotConfig;
  /** Of the configuration. */
  readonly camera: string;
  /** Pixels per side of the pictures. */
  readonly size: number;
  readonly periodMs: number;
  /** Cut longer episodes. */
  readonly maxSteps: number;
  /** Told of every picture and command, and of every recording that was read to its end. */
  readonly onSample?: (kind: Sample['kind']) => void;
  readonly onRecording?: (done: number) => void;
  readonly onLost?: (path: string, lost: LostTail) => void;
  /** Told of every message that could not be read. */
  readonly onBad?: (error: BadMessage) => void;
  readonly signal?: AbortSignal;
};

/** Episodes of recordings of a robot (ROS 1 bags, MCAP files, our own), one recording after the other. */
export function recordingsSource(paths: readonly string[], options: RecordingsOptions): Source {
  const { config, camera, size, periodMs, maxSteps, onRecording, onBad, signal } = options;
  const { robotTimeoutMs: holdMs } = config.safety;
  const how = {
    periodMs,
    rest: toActionSpec(config).rest,
    stateParts: stateNames(config).length,
    maxSteps,
    ...(onBad && { onBad }),
    ...(holdMs && { holdMs }),
  };
  return {
    meta: recordedMeta({ config, recordings: paths.map((path) => basename(path)), camera, size, periodMs }),
    notes: [],
    async *episodes(from = 0) {
      let number = 0;
      for (const [done, path] of paths.entries()) {
        const samples = inOrder(samplesUntil(path, options));
        for await (const episode of episodesFrom(samples, how)) if (number++ >= from) yield episode;
        if (signal?.aborted) return;
        onRecording?.(done + 1);
      }
    },
    close() {},
  };
}

/** What a recording tells, until it is told to stop. */
async function* samplesUntil(path: string, options: RecordingsOptions): AsyncGenerator<Sample> {
  const { config, camera, size, onSample, onLost, onBad, signal } = options;
  const told = { ...(onLost && { onLost: (lost: LostTail) => onLost(path, lost) }), ...(onBad && { onBad }) };
  for await (const sample of samplesOf(path, { config, camera, size, ...told })) {
    if (signal?.aborted) return;
    onSample?.(sample.kind);
    yield sample;
  }
}
