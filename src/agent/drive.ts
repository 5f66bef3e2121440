import { BehaviorSubject, Subscription } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Observation } from '../drivers/driver.ts';
import type { RobotConfig } from '../drivers/ros/config.ts';
import type { DrivenRobot, FoundRobot } from '../drivers/ros/open-robot.ts';
import { tell } from '../drivers/ros/tell.ts';
import { type FrameWatch, frameWatch } from '../safety/frame-watch.ts';
import type { GateEvent, Verdict } from '../safety/gate.ts';
import { type Check, type Interlock, interlock } from '../safety/interlock.ts';
import { rests } from '../safety/reasons.ts';
import { type SafetyEvent, type SafetyLog, safetyLog } from '../safety/safety-log.ts';
import type { Motion } from './act.ts';
import { type Agent, type BodyOptions, body } from './body.ts';
import { diagnoses } from './diagnoses.ts';
import type { Mind } from './mind.ts';
import { remoteAgent } from './remote-agent.ts';
import { run } from './run.ts';
import type { Ready, SpawnMindOptions } from './spawn-mind.ts';
import type { ThoughtReport } from './wire.ts';

export type DriveOptions = {
  readonly robot: FoundRobot;
  readonly config: RobotConfig;
  /** A process of its own, as a robot's mind should be; or one in this process, for tests and for plain controllers. */
  readonly mind: SpawnMindOptions | Mind;
  /** SHA-256 of the weights that must be driving; any unless given. */
  readonly model?: string | undefined;
  readonly clock: Clock;
  readonly onEvent?: ((event: SafetyEvent) => void) | undefined;
  readonly onGate?: ((event: GateEvent) => void) | undefined;
  readonly onVerdict?: ((verdict: Verdict) => void) | undefined;
  readonly onSeen?: ((observation: Observation) => void) | undefined;
  readonly onMotion?: ((motion: Motion) => void) | undefined;
};

/** A robot being driven: disarmed at first. */
export interface Drive {
  readonly interlock: Interlock;
  readonly log: SafetyLog;
  readonly watch: FrameWatch;
  readonly robot: DrivenRobot;
  /** The newest verdict. */
  readonly verdict: Verdict | undefined;
  readonly ready: Ready | undefined;
  /** Resolves when the run is over by itself: with the error that ended it, if one did. */
  readonly over: Promise<Error | undefined>;
  /** Rests the robot and closes everything; tells whether the last rest was acknowledged. */
  stop(): Promise<boolean>;
}

/** Wires a robot behind ROS to a mind, with everything that may stop it in between. */
export function drive(options: DriveOptions): Drive {
  const { robot: found, config, mind, model, clock, onEvent, onGate, onVerdict, onSeen, onMotion } = options;
  const { safety, actions } = config;
  const log = safetyLog({ clock, ...(onEvent ? { onEvent } : {}) });
  const robot = found.drive();
  const watch = frameWatch({ staleMs: safety.frameAgeMs, identicalMs: safety.identicalMs });
  const ready$ = new BehaviorSubject<Ready | undefined>(undefined);
  const lock = interlock({
    clock,
    log,
    checks: checks({ found, robot, watch, clock, model, ready: () => ready$.value, mind }),
  });
  let verdict: Verdict | undefined;

  const told = (news: Verdict) => {
    if (news.reason in rests && news.reason !== verdict?.reason) log.add({ kind: 'resting', reason: news.reason });
    if (!(news.reason in rests) && (verdict === undefined || verdict.reason in rests)) log.add({ kind: 'moving' });
    verdict = news;
    onVerdict?.(news);
  };
  const parts: BodyOptions = {
    clock,
    interlock: lock,
    holds$: robot.holds$,
    watch,
    silenceMs: safety.commandAgeMs,
    lateMs: safety.frameAgeMs + safety.commandAgeMs,
    everyMs: actions.everyMs,
    resumeWithinMs: safety.resumeWithinMs,
    onVerdict: told,
    onEvent: onGate,
    onSeen,
    onMotion,
    onReject: (why) => log.add({ kind: 'frame rejected', why }),
  };
  const { version } = found.discovery;
  const teller = tell({ link: robot.link, beliefs: config.beliefs, version, robotTime: found.robotTime });
  let thought: ThoughtReport | undefined;
  const agent: Agent =
    typeof mind === 'function'
      ? body(mind, found.actionSpec, parts)
      : remoteAgent(found.actionSpec, {
          ...parts,
          mind: {
            ...mind,
            onThought: (report) => {
              thought = report;
              teller.thought({ distance: report.distance, paths: report.sketch?.paths });
              mind.onThought?.(report);
            },
            onReady: (about) => {
              ready$.next(about);
              mind.onReady?.(about);
            },
          },
          onLost: ({ message }) => {
            ready$.next(undefined);
            log.add({ kind: 'mind lost', why: message });
          },
        });

  const living = new Subscription();
  living.add(found.eStop$.subscribe((by) => lock.press(by)));
  living.add(
    clock.schedule(function () {
      teller.diagnose(diagnoses({ found, robot, watch, lock, log, verdict, thought, nowMs: clock.now() }));
      this.schedule(undefined, DIAGNOSE_EVERY_MS);
    }, DIAGNOSE_EVERY_MS),
  );
  const over = new Promise<Error | undefined>((resolve) => {
    living.add(
      run(robot.driver, agent).subscribe({
        error: (error: Error) => {
          lock.disarm('the run', `it ended: ${error.message}`);
          resolve(error);
        },
        complete: () => resolve(undefined),
      }),
    );
    living.add(() => resolve(undefined));
  });
  let stopping: Promise<boolean> | undefined;
  return {
    interlock: lock,
    log,
    watch,
    robot,
    get verdict() {
      return verdict;
    },
    get ready() {
      return ready$.value;
    },
    over,
    stop: () => {
      lock.disarm('the run', 'it is stopped');
      living.unsubscribe();
      stopping ??= robot.close();
      return stopping;
    },
  };
}

/** As REP 107 has it. */
const DIAGNOSE_EVERY_MS = 1000;

type Known = {
  readonly found: FoundRobot;
  readonly robot: DrivenRobot;
  readonly watch: FrameWatch;
  readonly clock: Clock;
  readonly mind: SpawnMindOptions | Mind;
  readonly model: string | undefined;
  readonly ready: () => Ready | undefined;
};

/** What must be well before the robot may be armed. */
function checks({ found, robot, watch, clock, mind, model, ready }: Known): Check[] {
  const { low, high, maxRate } = found.actionSpec;
  const limits = [...low, ...high, ...maxRate];
  const mindCheck = () => {
    if (typeof mind === 'function') return undefined;
    const about = ready();
    if (about === undefined) return 'it is not ready';
    return model === undefined || about.model === model
      ? undefined
      : `its model must be ${short(model)}, got ${short(about.model)}`;
  };
  return [
    {
      name: 'limits',
      look: () => (limits.every(Number.isFinite) ? undefined : 'every axis must have a limit and a rate'),
    },
    { name: 'mind', look: mindCheck },
    { name: 'camera', look: () => watch.fault(clock.now()) },
    {
      name: 'driver and e-stop path',
      look: async () => ((await robot.link.prove()) ? undefined : 'the bridge has not taken a rest'),
    },
  ];
}

const short = (hash: string | undefined) => hash?.slice(0, 12) ?? 'none';
