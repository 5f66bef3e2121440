import type { Diagnosis } from '../drivers/ros/messages/beliefs.ts';
import type { DrivenRobot, FoundRobot } from '../drivers/ros/open-robot.ts';
import type { FrameWatch } from '../safety/frame-watch.ts';
import type { Verdict } from '../safety/gate.ts';
import type { Interlock } from '../safety/interlock.ts';
import { type RestReason, rests } from '../safety/reasons.ts';
import type { SafetyLog } from '../safety/safety-log.ts';
import type { ThoughtReport } from './wire.ts';

export type Condition = {
  readonly found: FoundRobot;
  readonly robot: DrivenRobot;
  readonly watch: FrameWatch;
  readonly lock: Interlock;
  readonly log: SafetyLog;
  readonly verdict: Verdict | undefined;
  readonly thought: ThoughtReport | undefined;
  readonly nowMs: number;
};

/** Older than this, what was thought is no news, ms. */
const THOUGHT_MS = 1000;

/** How link, camera, mind and safety are, in words and numbers, for people and for ROS. */
export function diagnoses({ found, robot, watch, lock, log, verdict, thought, nowMs }: Condition): Diagnosis[] {
  const { link } = robot;
  const { armed, pressed, epoch } = lock.state;
  const fault = watch.fault(nowMs);
  const reason = verdict?.reason ?? 'disarmed';
  const resting = reason in rests;
  const recent = thought !== undefined && nowMs - thought.timeMs < THOUGHT_MS;
  return [
    {
      name: 'premotor: safety',
      level: pressed ? 'error' : resting ? 'warn' : 'ok',
      message: resting ? `${reason}: ${rests[reason as RestReason]}` : `moving (${reason})`,
      values: { reason, armed: `${armed}`, 'e-stop': `${pressed}`, epoch: `${epoch}`, ...counted(log) },
    },
    {
      name: 'premotor: link',
      level: link.state === 'up' ? 'ok' : 'error',
      message: link.state === 'up' ? 'the bridge answers' : `${link.state}: ${link.trouble ?? 'not yet connected'}`,
      values: { ...texts(link.counts), ...texts(found.bridge.counts, 'in: ') },
    },
    {
      name: 'premotor: camera',
      level: fault === undefined ? 'ok' : 'error',
      message: fault === undefined ? 'frames come' : `${fault}: ${rests[fault]}`,
      values: {
        ...texts(watch.counts),
        ...Object.assign(
          {},
          ...Object.entries(found.senses.counts()).map(([name, counts]) => texts(counts, `${name}: `)),
        ),
      },
    },
    {
      name: 'premotor: mind',
      level: recent ? 'ok' : 'stale',
      message: !recent
        ? 'no plan of late'
        : thought.kept
          ? 'keeps to its plan'
          : `a plan took ${thought.elapsedMs.toFixed(0)} ms`,
      values:
        thought === undefined
          ? {}
          : texts({ 'plan ms': thought.elapsedMs, refinements: thought.refinements, distance: thought.distance }),
    },
  ];
}

const texts = (values: Readonly<Record<string, number>>, prefix = '') =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, `${Number(value.toFixed(3))}`]),
  );

/** How often each kind has happened: `armed` alone is whether it is. */
const counted = ({ counts }: SafetyLog) =>
  Object.fromEntries([...counts].map(([kind, times]) => [`times ${kind}`, `${times}`]));
