import { ReplaySubject } from 'rxjs';
import { drive } from '../../src/agent/drive.ts';
import type { Goal } from '../../src/agent/goal.ts';
import type { SpawnMindOptions } from '../../src/agent/spawn-mind.ts';
import { realClock } from '../../src/clock.ts';
import { checkRobotConfig, type RobotConfigInput } from '../../src/drivers/ros/config.ts';
import { findRobot } from '../../src/drivers/ros/open-robot.ts';
import { seeded } from '../../src/random.ts';

// A body as a process of its own, started by the benches: it drives what is behind a bridge with a mind in another process,
// does what its parent orders, and tells it what happens. Times are of the machine's monotonic clock, the same for all.

export type BodyStart = {
  readonly url: string;
  readonly config: RobotConfigInput;
  readonly mind: Pick<SpawnMindOptions, 'module' | 'load' | 'think'>;
  /** Side of the pictures that the mind wants, px. */
  readonly size?: number | undefined;
};

export type BodyOrder =
  | { readonly kind: 'press' | 'arm' | 'disarm' }
  | { readonly kind: 'goal'; readonly goal: Goal }
  /** Asks for the times since it was last asked. */
  | { readonly kind: 'times' };

export type BodyNews =
  /** A mind is ready, and which process it is. */
  | { readonly kind: 'mind'; readonly pid: number }
  /** What happened: of the link, of the robot's safety. */
  | { readonly kind: 'event'; readonly timeMs: number; readonly what: string }
  /** What the mind prints. */
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'armed' | 'disarmed' }
  | { readonly kind: 'refused'; readonly why: string }
  /** The e-stop is pressed: when the order was read. */
  | { readonly kind: 'pressed'; readonly receivedMs: number }
  | { readonly kind: 'times'; readonly answerMs: readonly number[]; readonly thoughtMs: readonly number[] }
  /** The run has ended by itself. */
  | { readonly kind: 'over'; readonly why: string }
  | { readonly kind: 'stopped'; readonly acknowledged: boolean };

const ARM_WITHIN_MS = 10_000;
const AGAIN_MS = 20;

const clock = realClock();
const tell = (news: BodyNews, told?: () => void) => {
  if (process.connected) process.send!(news, undefined, {}, () => told?.());
  else told?.();
};
const start = JSON.parse(process.argv[2]!) as BodyStart;
const config = await checkRobotConfig(start.config, { path: 'the bench' });
const wallMs = () => Date.now();
const happened = (what: string) => tell({ kind: 'event', timeMs: clock.now(), what });
const onEvent = (kind: string, what: string) => happened(`${kind}: ${what}`);
const robot = await findRobot({ ...start, config, clock, random: seeded(1), wallMs, onEvent });
const goal$ = new ReplaySubject<Goal>(1);

/** From a picture being taken to the first command that answers it leaving, and how long was thought about it. */
let answerMs: number[] = [];
let thoughtMs: number[] = [];
let answered = 0;

const driving = drive({
  robot,
  config,
  clock,
  onEvent: ({ kind, reason, why }) => happened([kind, reason, why].filter(Boolean).join(': ')),
  mind: {
    ...start.mind,
    goal: goal$,
    onLog: (line) => tell({ kind: 'log', line }),
    onReady: ({ pid }) => tell({ kind: 'mind', pid }),
    onThought: ({ elapsedMs }) => thoughtMs.push(elapsedMs),
  },
  onVerdict: ({ timeMs, seenMs = 0 }) => {
    if (seenMs <= answered) return;
    answered = seenMs;
    answerMs.push(timeMs - seenMs);
  },
});

async function arm(): Promise<void> {
  const untilMs = clock.now() + ARM_WITHIN_MS;
  const { interlock } = driving;
  for (;;) {
    interlock.reset(interlock.state.epoch, 'the bench');
    const answer = await interlock.arm('the bench');
    if (answer.done) return tell({ kind: 'armed' });
    if (clock.now() > untilMs) return tell({ kind: 'refused', why: answer.refused.join('; ') });
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function stop(exitCode: number): Promise<void> {
  const acknowledged = await driving.stop();
  tell({ kind: 'stopped', acknowledged }, () => process.exit(exitCode));
}

process.on('message', (order: BodyOrder) => {
  const receivedMs = clock.now();
  if (order.kind === 'press') {
    driving.interlock.press('the bench');
    tell({ kind: 'pressed', receivedMs });
  } else if (order.kind === 'arm') void arm();
  else if (order.kind === 'goal') goal$.next(order.goal);
  else if (order.kind === 'times') {
    tell({ kind: 'times', answerMs, thoughtMs });
    [answerMs, thoughtMs] = [[], []];
  } else {
    driving.interlock.disarm('the bench');
    tell({ kind: 'disarmed' });
  }
});
process.on('SIGTERM', () => void stop(0));
process.on('disconnect', () => void stop(0));
void driving.over.then((error) => {
  if (error === undefined) return; // it was told to stop
  tell({ kind: 'over', why: error.message });
  void stop(1);
});
