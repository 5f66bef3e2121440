import { summarise } from '../../sim/timing.ts';
import type { Motion } from '../agent/act.ts';
import type { ThoughtReport } from '../agent/wire.ts';

export type Times = ReturnType<ReturnType<typeof stopwatch>['summary']>;

/** Measures thoughts, and the way from a frame to the first command that answers it. */
export function stopwatch(now: () => number) {
  const plans: number[] = [];
  const ends: number[] = [];
  const answers: number[] = [];
  let thoughts = 0;
  let beganMs = now();
  let asked: number | undefined;
  return {
    begin: () => {
      beganMs = now();
    },
    thought: ({ elapsedMs, kept }: ThoughtReport) => {
      thoughts++;
      if (!kept) plans.push(elapsedMs);
      ends.push(now());
    },
    motion: ({ timeMs, actions }: Motion) => {
      asked = actions.length > 0 ? timeMs : undefined;
    },
    command: () => {
      if (asked !== undefined) answers.push(now() - asked);
      asked = undefined;
    },
    /** The newest frame-to-command time, ms. */
    lastAnswer: () => answers.at(-1) ?? null,
    /** Plans made or kept to in the last second. */
    recentRate: () => {
      while (ends.length > 0 && now() - ends[0]! > 1000) ends.shift();
      return ends.length;
    },
    summary: () => {
      const seconds = (now() - beganMs) / 1000;
      return {
        seconds,
        planMs: summarise(plans),
        replansPerSecond: thoughts / seconds,
        frameToCommandMs: summarise(answers),
      };
    },
  };
}
