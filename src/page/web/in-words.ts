import { fixed } from './number.ts';
import type { Sample, State } from './state.ts';

/** How far back "nearer than before" looks, ms; and the share of the distance that counts as a change. */
const [BACK, CHANGE] = [3000, 0.1];
/** A distance of this share of what rarely surprises is none that it could tell. */
const THERE = 0.1;

/** What goes on, in a sentence or two: numbers of a mind, turned into words. Empty while nothing is known. */
export function inWords({ snapshot, samples }: Pick<State, 'snapshot' | 'samples'>): string {
  if (snapshot === undefined) return '';
  const { phase, reason, reached, goals, planMs, deadlineMs, surprise, surpriseLimit } = snapshot;
  if (phase === 'starting') return 'It opens its eyes: models are being loaded, nothing moves.';
  if (phase === 'disarmed') return 'It sees and plans, and moves nothing before somebody arms it.';
  if (phase === 'stopped') return 'Somebody stopped it. It rests until it is reset and armed again.';
  if (phase === 'paused') return 'It is paused: it rests, and goes on when told.';
  if (phase === 'done') return goals > 0 ? `It is done: ${reached} of ${goals} goals reached.` : 'It is done.';
  if (reason !== '') return `It would go on, but rests: ${reason}.`;
  if (phase === 'reached') return 'What it sees is what it was to see: the goal is reached.';
  return [
    headway(samples, THERE * (surpriseLimit ?? 0)),
    ...(surprise !== null && surpriseLimit !== undefined && surprise > surpriseLimit
      ? ['What it sees is not what it had imagined: it is surprised as it hardly ever is.']
      : []),
    ...(planMs !== null && deadlineMs !== undefined && planMs > deadlineMs
      ? [`It thinks for too long: ${fixed(planMs, 0)} ms, where ${fixed(deadlineMs, 0)} are allowed.`]
      : []),
  ].join(' ');
}

/** Whether it comes nearer to the goal that it has now, or is there. */
function headway(samples: readonly Sample[], there: number): string {
  const now = samples.at(-1);
  if (now === undefined || now.distance === null) return 'It drives, and does not yet know how far its goal is.';
  const since = samples.filter(({ goalIndex, distance }) => goalIndex === now.goalIndex && distance !== null);
  const before = since.findLast(({ timeMs }) => timeMs <= now.timeMs - BACK);
  if (before === undefined) return 'It sets out for its goal.';
  const change = (now.distance - before.distance!) / before.distance!;
  if (now.distance < there && before.distance! < there) return 'It is at its goal, as near as it can tell, and stays.';
  if (change < -CHANGE) return 'It comes nearer to its goal.';
  if (change > CHANGE) return 'It goes farther from its goal for now: a way round, or a way lost.';
  return 'It comes no nearer to its goal: it is looking for a way.';
}
