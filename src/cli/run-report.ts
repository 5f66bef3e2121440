import type { Drive } from '../agent/drive.ts';
import { rests } from '../safety/reasons.ts';
import type { SafetyEvent } from '../safety/safety-log.ts';
import type { stopwatch } from './stopwatch.ts';
import type { Outcome } from './verb.ts';

/** What a run was, besides what its drive knows. */
export type RunSummary = {
  readonly acknowledged: boolean;
  readonly times: ReturnType<ReturnType<typeof stopwatch>['summary']>;
  readonly robot: string;
  readonly ros: number;
  readonly record: string | undefined;
  readonly dropped: number | undefined;
  readonly cameras: object;
};

/** How a run went, for machines and for people. */
export function outcome({ robot: { link }, log, watch }: Drive, facts: RunSummary): Outcome {
  const { times, acknowledged, ...about } = facts;
  const { seconds, planMs, replansPerSecond, frameToCommandMs } = times;
  const events = Object.fromEntries(log.counts);
  return {
    json: { ...about, ...times, acknowledged, link: link.counts, frames: watch.counts, events },
    summary: [
      `${link.counts.commands} commands in ${seconds.toFixed(1)} s, ${link.counts.dropped} dropped; the last rest was ${acknowledged ? 'acknowledged' : 'NOT acknowledged: make sure the robot has stopped'}`,
      `a plan took ${planMs.p50.toFixed(1)} ms (p50), ${planMs.p95.toFixed(1)} (p95); ${replansPerSecond.toFixed(1)} plans/s; frame to command ${frameToCommandMs.p50.toFixed(1)} ms (p50), ${frameToCommandMs.p95.toFixed(1)} (p95)`,
      ...(facts.record === undefined
        ? []
        : [`recorded to ${facts.record}${facts.dropped ? `, ${facts.dropped} messages dropped` : ''}`]),
    ],
  };
}

/** As a line for people; a frame that is passed over is none. */
export function spoken({ kind, timeMs: _, ...rest }: SafetyEvent): string | undefined {
  if (kind === 'frame rejected' || kind === 'arm refused') return undefined; // whoever asked is told
  const { by, why, reason, epoch } = rest;
  const says = reason === undefined ? '' : ` (${rests[reason as keyof typeof rests]})`;
  return [kind, reason && `${reason}${says}`, by && `by ${by}`, epoch && `press ${epoch}`, why]
    .filter(Boolean)
    .join(': ');
}

/** What is said of a goal like nothing that was seen. */
export const strange = (novelty: number, wasToArm: boolean) =>
  `the goal picture is unlike anything the model has seen (${novelty.toFixed(1)} x as far as an ordinary picture ever is)${wasToArm ? ': not armed' : ''}; if it is meant, arm with key a or the page, or say --accept-goal`;

/** What is said when what is seen begins, or ends, to be too far from what was expected. */
export const startled = (is: boolean, distance: number) =>
  is
    ? `surprised: what is seen is ${distance.toFixed(1)} from what was expected (--max-surprise); the mind is silent`
    : `no longer surprised: ${distance.toFixed(1)}`;
