import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Drive, drive } from '../agent/drive.ts';
import { type Clock, realClock } from '../clock.ts';
import { modelFacts } from '../data/model-facts.ts';
import { loadRobotConfig } from '../drivers/ros/config.ts';
import { findRobot } from '../drivers/ros/open-robot.ts';
import { SafetyStop, UsageError } from '../errors.ts';
import { seeded } from '../random.ts';
import { type Reason, type RestReason, rests } from '../safety/reasons.ts';
import type { SafetyEvent } from '../safety/safety-log.ts';
import { armSoon } from './arm-soon.ts';
import { browse } from './browse.ts';
import type { RunSettings } from './commands/run.ts';
import { type DemoPage, demoPage } from './demo-page.ts';
import { dials, turned } from './dials.ts';
import { readPicture } from './goal-picture.ts';
import { keys } from './keys.ts';
import { packageRoot } from './package-root.ts';
import { planningOf } from './planning-options.ts';
import { recordRun } from './record-run.ts';
import { outcome, spoken, startled, strange } from './run-report.ts';
import { stopwatch } from './stopwatch.ts';
import type { Outcome, Terminal } from './verb.ts';

const STATUS_EVERY_MS = 5000;
/** Imagined paths, for the page and for ROS, at most so often. */
const PICTURES_EVERY_MS = 200;

/** Drives a robot behind ROS until it is told to stop. */
export async function runRobot(settings: RunSettings & { goal: string }, terminal: Terminal): Promise<Outcome> {
  const { url, insecure, seed, budgetMs, engine, threads, headless } = settings;
  const config = await loadRobotConfig(settings.config);
  const checkpoint = checkpointOf(settings, config.model.checkpoint);
  const facts = modelFacts(checkpoint);
  const { sha256 = facts.sha256 } = config.model;
  if (sha256 !== facts.sha256)
    throw new SafetyStop(
      `the model in ${checkpoint} must be ${sha256.slice(0, 12)}, got ${facts.sha256.slice(0, 12)}`,
      {
        hint: 'model.sha256 in the configuration names the model that this robot may be driven by',
      },
    );
  const goal = readPicture(settings.goal, facts.imageSize);
  const clock = realClock();
  const wallMs = Date.now;
  const times = stopwatch(clock.now);
  const periodMs = config.model.periodMs ?? facts.periodMs ?? 100;
  const onTrouble = seldom(clock, (line) => terminal.say(line));
  const onEvent = (kind: string, what: string) => onTrouble(kind, what);
  const found = await findRobot({
    config,
    url,
    insecure,
    clock,
    random: seeded(Date.now()),
    wallMs,
    size: facts.imageSize,
    periodMs,
    onEvent,
  });
  const spec = found.actionSpec;
  const runFacts = { spec, silenceMs: config.safety.commandAgeMs, seed, checkpoint, model: facts.sha256 };
  let page: DemoPage | undefined;
  let driving: Drive | undefined;
  let recorder: ReturnType<typeof recordRun> | undefined;
  let unlisten = () => {};
  let arming = settings.arm === true;
  let judged = false;
  try {
    recorder =
      settings.record === undefined
        ? undefined
        : recordRun({
            path: settings.record,
            robot: config.name,
            clock,
            wallMs,
            facts: runFacts,
            goal,
            onFault: ({ message }) => onTrouble('recording', message),
          });
    page = headless
      ? undefined
      : await demoPage({ task: config.name, goals: 0, spec, deadlineMs: budgetMs, port: settings.port });
    if (page) terminal.say(`the page is at ${page.url}`);
    if (page && settings.open) browse(page.url);
    page?.goal(goal);
    const beganMs = clock.now();
    const say = (line: string) => {
      terminal.say(line);
      page?.log(line);
    };
    const tell = (event: SafetyEvent) => {
      recorder?.onSafety(event);
      const line = spoken(event);
      if (line !== undefined) say(line);
    };
    const { dials$, turn } = dials();
    driving = drive({
      robot: found,
      config,
      clock,
      model: sha256,
      mind: {
        load: { checkpoint, engine, threads, periodMs, ...planningOf(settings) },
        goal: { frame: goal },
        dials$,
        think: {
          budgetMs,
          seed,
          surprise: page !== undefined,
          maxSurprise: settings.maxSurprise,
          picturesEveryMs: PICTURES_EVERY_MS,
        },
        onReady: (about) => {
          recorder?.onReady(about);
          page?.ready(about);
          terminal.say(`the mind is ready: ${about.engine}`);
        },
        onThought: (report) => {
          recorder?.onThought(report);
          times.thought(report);
          page?.thought(report);
          page?.set({ replansPerSecond: times.recentRate(), frameToCommandMs: times.lastAnswer() });
        },
        onSurprise: ({ distance }) => page?.set({ surprise: distance }),
        onGoal: (novelty = 0) => {
          judged = true;
          if (novelty <= 1 || settings.acceptGoal) return;
          const was = arming;
          arming = false;
          say(strange(novelty, was));
        },
        onStartled: (is, { distance }) => say(startled(is, distance)),
        onLog: (line) => terminal.say(`mind: ${line}`),
      },
      onEvent: tell,
      onGate: (event) => recorder?.onGate(event),
      onMotion: (motion) => {
        recorder?.onMotion(motion);
        times.motion(motion);
      },
      onSeen: (seen) => {
        recorder?.onSeen(seen);
        const frame = Object.values(seen.frames)[0];
        const passed = Object.values(found.senses.counts()).reduce((sum, { dropped }) => sum + dropped, 0);
        page?.set({ dropped: passed });
        if (frame) page?.camera(frame, clock.now() - beganMs);
      },
      onVerdict: (verdict) => {
        recorder?.onVerdict(verdict);
        if (!(verdict.reason in rests)) times.command();
        page?.acted(verdict.action, restingBecause(verdict.reason));
      },
    });
    const { interlock: lock } = driving;
    const dont = () => {
      arming = false;
    };
    const ask = asks(driving, say, dont);
    lock.state$.subscribe(({ armed, pressed }) =>
      page?.set({ phase: pressed ? 'stopped' : armed ? 'running' : 'disarmed' }),
    );
    page?.controls$.subscribe((control) => {
      if (control.kind !== 'tune') return ask[control.kind]('the page');
      turn(control);
      recorder?.onTuned(control);
      page?.tuned(control);
      say(turned(control));
    });
    const stopKeys = keys(process.stdin, {
      space: () => ask.estop('a key'),
      r: () => ask.reset('a key'),
      a: () => ask.run('a key'),
      d: () => ask.pause('a key'),
      q: () => process.kill(process.pid, 'SIGINT'),
    });
    const onSignal = () => ask.estop('SIGUSR2');
    const onCrash = (error: Error) =>
      void driving?.stop().finally(() => {
        terminal.say(`the body failed: ${error.message}`);
        process.exit(1);
      });
    process.on('SIGUSR2', onSignal);
    process.on('uncaughtException', onCrash);
    unlisten = () => {
      stopKeys();
      process.off('SIGUSR2', onSignal);
      process.off('uncaughtException', onCrash);
    };
    terminal.say(
      `${config.name} is disarmed${settings.arm ? '; arming when every check passes' : ': key a arms'}; Space, the page, SIGUSR2 or its topic stop it; Ctrl-C ends`,
    );
    times.begin();
    void armSoon(
      driving,
      clock,
      say,
      () => arming,
      () => judged,
    );
    const failure = await ended(driving, {
      clock,
      terminal,
      durationMs: (settings.duration ?? Infinity) * 1000,
      times,
    });
    dont();
    const acknowledged = await driving.stop();
    await recorder?.writer.close();
    if (failure !== undefined) throw failure;
    return outcome(driving, {
      acknowledged,
      times: times.summary(),
      robot: config.name,
      ros: found.discovery.version,
      record: settings.record,
      dropped: recorder?.writer.dropped,
      cameras: found.senses.counts(),
    });
  } finally {
    unlisten();
    if (driving) await driving.stop();
    else found.close();
    await recorder?.writer.close();
    await page?.close('the run is over');
  }
}

/** For the page: why the robot rests, if it does. */
const restingBecause = (reason: Reason) => (reason in rests ? `${reason}: ${rests[reason as RestReason]}` : '');

/** What people may ask for, by the names of the page's controls. */
function asks({ interlock: lock }: Drive, say: (line: string) => void, dontArm: () => void) {
  const arm = async (by: string) => {
    const answer = await lock.arm(by);
    if (!answer.done) say(`not armed: ${answer.refused.join('; ')}`);
  };
  return {
    estop: (by: string) => void lock.press(by),
    reset: (by: string) => void lock.reset(lock.state.epoch, by),
    run: (by: string) => void arm(by),
    pause: (by: string) => {
      dontArm();
      lock.disarm(by);
    },
  };
}

type Ending = {
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly durationMs: number;
  readonly times: ReturnType<typeof stopwatch>;
};

/** Says how it goes until a person stops it, time is up, or it is over by itself. */
function ended(driving: Drive, { clock, terminal, durationMs, times }: Ending): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const status = clock.schedule(function () {
      this.schedule(undefined, STATUS_EVERY_MS);
      const { verdict, robot } = driving;
      terminal.say(`${verdict?.reason ?? 'starting'}; ${times.recentRate()} plans/s; link ${robot.link.state}`);
    }, STATUS_EVERY_MS);
    const timer = durationMs < 2 ** 31 ? clock.schedule(() => end(undefined), durationMs) : undefined;
    const stop = () => end(undefined);
    const end = (error: Error | undefined) => {
      status.unsubscribe();
      timer?.unsubscribe();
      terminal.signal.removeEventListener('abort', stop);
      resolve(error);
    };
    terminal.signal.addEventListener('abort', stop);
    if (terminal.signal.aborted) stop();
    void driving.over.then(end);
  });
}

/** Passes on a line of each kind at most once a second. */
function seldom(clock: Clock, say: (line: string) => void) {
  const saidMs = new Map<string, number>();
  return (kind: string, what: string) => {
    if (clock.now() - (saidMs.get(kind) ?? Number.NEGATIVE_INFINITY) < 1000) return;
    saidMs.set(kind, clock.now());
    say(`${kind}: ${what}`);
  };
}

/** The model's folder: as given, beside the configuration, or among those that ship. */
function checkpointOf({ checkpoint, config }: RunSettings, configured: string | undefined): string {
  if (checkpoint !== undefined) return checkpoint;
  if (configured === undefined)
    throw new UsageError('--checkpoint must be given: the configuration names no model', {
      hint: 'or set model.checkpoint',
    });
  const places = [configured, join(dirname(config), configured), join(packageRoot, configured)];
  return places.find((place) => existsSync(place)) ?? configured;
}
