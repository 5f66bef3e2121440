import type { DriveOptions } from '../agent/drive.ts';
import type { RunEvent, RunFacts } from '../agent/replay.ts';
import type { SpawnMindOptions } from '../agent/spawn-mind.ts';
import type { Asked } from '../agent/wire.ts';
import type { Clock } from '../clock.ts';
import { type RecordingWriter, recordingWriter } from '../data/recording.ts';
import type { Frame } from '../drivers/driver.ts';
import type { Tuning } from '../page/control.ts';
import type { SafetyEvent } from '../safety/safety-log.ts';

export type RecordRunOptions = {
  readonly path: string;
  readonly robot: string;
  readonly clock: Clock;
  readonly wallMs: () => number;
  readonly facts: RunFacts;
  /** What it began with, unless that was words. */
  readonly goal?: Frame | undefined;
  readonly onFault: (error: Error) => void;
};

/** Ears for everything that a run must be told of to be run again; they never wait, and never fail. */
export type RunRecorder = {
  [K in 'onGate' | 'onVerdict' | 'onSeen' | 'onMotion']: NonNullable<DriveOptions[K]>;
} & { [K in 'onThought' | 'onReady']: NonNullable<SpawnMindOptions[K]> } & {
  readonly onTuned: (tuning: Tuning) => void;
  /** Another goal than the one it began with. */
  readonly onGoal: (frame: Frame) => void;
  /** What words were taken for. */
  readonly onAsked: (asked: Asked) => void;
  readonly onSafety: (event: SafetyEvent) => void;
  readonly writer: RecordingWriter;
};

/** Records a run to an MCAP file. Throws only when the file cannot be made. */
export function recordRun({ path, robot, clock, wallMs, facts, goal, onFault }: RecordRunOptions): RunRecorder {
  const startMs = clock.now();
  const actionNames = facts.spec.names;
  const writer = recordingWriter(path, { timeMs: startMs, wallMs: wallMs(), robot, actionNames, facts }, { onFault });
  const note = (event: RunEvent) => writer.journal(event);
  let isShown = goal !== undefined; // a mind that begins again sees the same picture; words it tells of itself
  if (goal) writer.frame('goal', startMs, goal);
  return {
    writer,
    onSafety: (event) => writer.journal({ ...event, kind: 'safety', what: event.kind, timeMs: event.timeMs }),
    onReady: ({ engine, model, samples, horizon }) => {
      note({ kind: 'mind', timeMs: clock.now(), engine, model, samples, horizon });
      if (isShown) note({ kind: 'goal', timeMs: clock.now() });
    },
    onGoal: (frame) => {
      isShown = true;
      writer.frame('goal', clock.now(), frame);
      note({ kind: 'goal', timeMs: clock.now() });
    },
    onAsked: ({ words, latent, picture }) => {
      isShown = false;
      if (picture) writer.frame('goal', clock.now(), picture);
      note({ kind: 'goal', timeMs: clock.now(), words, latent: [...latent] });
    },
    onTuned: ({ kind: _, ...dials }) => note({ kind: 'tuned', timeMs: clock.now(), dials }),
    onSeen: ({ timeMs, frames, action, proprio }) => {
      for (const [name, frame] of Object.entries(frames)) writer.frame(name, timeMs, frame);
      if (proprio !== undefined) note({ kind: 'proprio', timeMs, values: proprio });
      note({ kind: 'seen', timeMs, action });
    },
    onThought: ({ timeMs, refinements, kept, seenMs, weights, sketch }) => {
      if (sketch?.end) writer.frame('imagined', clock.now(), sketch.end);
      note({ kind: 'thought', timeMs: clock.now(), thought: { timeMs, refinements, kept, seenMs, weights } });
    },
    onMotion: (motion) => note({ kind: 'motion', timeMs: clock.now(), motion }),
    onGate: (event) => note({ kind: 'gate', timeMs: event.timeMs, event }),
    onVerdict: (verdict) => {
      note({ kind: 'verdict', timeMs: verdict.timeMs, verdict });
      writer.command(verdict.timeMs, verdict.action);
    },
  };
}
