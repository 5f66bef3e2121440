import { basename } from 'node:path';
import { type RobotConfig, toActionSpec } from '../drivers/ros/config.ts';
import { BadMessage } from '../errors.ts';
import { episodesFrom, inOrder, type Sample } from './episodes-from-ros.ts';
import type { LostTail } from './mcap.ts';
import { recordedMeta, stateNames } from './recorded.ts';
import { samplesOf } from './samples.ts';
import type { Source } from './source.ts';
import { inOneView, isPlain, type View } from './view.ts';

export type RecordingsOptions = {
  readonly config: RobotConfig;
  /** What a frame is made of; its cameras are of the configuration. */
  readonly view: View;
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
  const { config, view, size, periodMs, maxSteps, onRecording, onBad, signal } = options;
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
    meta: recordedMeta({ config, recordings: paths.map((path) => basename(path)), view, size, periodMs }),
    notes: [],
    async *episodes(from = 0) {
      let number = 0;
      for (const [done, path] of paths.entries()) {
        const samples = viewed(inOrder(samplesUntil(path, options)), view, size);
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
  const { config, view, size, onSample, onLost, onBad, signal } = options;
  const told = { ...(onLost && { onLost: (lost: LostTail) => onLost(path, lost) }), ...(onBad && { onBad }) };
  for await (const sample of samplesOf(path, { config, cameras: view.cameras, size, ...told })) {
    if (signal?.aborted) return;
    onSample?.(sample.kind);
    yield sample;
  }
}

/** For every picture of the first camera one of all that is known then, as `view` says; of one camera alone, its own. */
async function* viewed(samples: AsyncIterable<Sample>, view: View, size: number): AsyncGenerator<Sample> {
  if (isPlain(view)) return yield* samples;
  const compose = inOneView(view, size);
  const newest = new Map<string, Extract<Sample, { kind: 'frame' }>>();
  const state: (readonly number[])[] = [];
  for await (const sample of samples) {
    if (sample.kind === 'state') state[sample.part] = sample.values;
    if (sample.kind !== 'frame') {
      yield sample;
      continue;
    }
    newest.set(sample.camera, sample);
    const { timeMs, camera } = sample;
    const frames = [...newest];
    const proprio = state.flat();
    if (camera !== view.cameras[0] || newest.size < view.cameras.length) continue;
    if (view.gauges.length > 0 && proprio.length !== view.stateSize) continue;
    const read = () => {
      const seen = Object.fromEntries(frames.map(([name, one]) => [name, one.read()]));
      const frame = compose({ frames: seen, proprio });
      if (frame) return frame;
      throw new BadMessage('what is measured must be finite numbers, to be shown');
    };
    yield { kind: 'frame', timeMs, camera, read };
  }
}
