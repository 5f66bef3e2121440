import { BehaviorSubject } from 'rxjs';
import { type Drive, drive } from '../agent/drive.ts';
import type { Goal } from '../agent/goal.ts';
import { realClock } from '../clock.ts';
import { modelFacts } from '../data/model-facts.ts';
import { inOneView } from '../data/view.ts';
import type { Frame } from '../drivers/driver.ts';
import { loadRobotConfig } from '../drivers/ros/config.ts';
import { findRobot } from '../drivers/ros/open-robot.ts';
import { SafetyStop } from '../errors.ts';
import { seeded } from '../random.ts';
import { type Reason, type RestReason, rests } from '../safety/reasons.ts';
import type { SafetyEvent } from '../safety/safety-log.ts';
import { armSoon } from './arm-soon.ts';
import { browse } from './browse.ts';
import type { RunSettings } from './commands/run.ts';
import { type DemoPage, demoPage } from './demo-page.ts';
import { dials, turned } from './dials.ts';
import { readPicture } from './goal-picture.ts';
import { refusal, requireWords, taken } from './goal-words.ts';
import { keys } from './keys.ts';
import { planningOf } from './planning-options.ts';
import { recordRun } from './record-run.ts';
import { asks, checkpointOf, ended, seldom } from './run-parts.ts';
import { outcome, spoken, startled, strange } from './run-report.ts';
import { stopwatch } from './stopwatch.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Imagined paths, for the page and for ROS, at most so often. */
const PICTURES_EVERY_MS = 200;

/** Drives a robot behind ROS until it is told to stop. */
export async function runRobot(settings: RunSettings, terminal: Terminal): Promise<Outcome> {
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
  const goal = settings.goal === undefined ? undefined : readPicture(settings.goal, facts.imageSize);
  const wanted = (words: string): Goal => ({ words: requireWords(words, facts.sayings) });
  const first = goal ? { frame: goal } : wanted(settings.say!);
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
  const look = facts.view && inOneView(facts.view, facts.imageSize);
  const spec = found.actionSpec;
  const planning = { periodMs, ...planningOf(settings) };
  const runFacts = { spec, silenceMs: config.safety.commandAgeMs, seed, checkpoint, model: facts.sha256, planning };
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
    const { port, host, metrics, foxglove } = settings;
    const shown = { task: config.name, goals: 0, spec, deadlineMs: budgetMs, port, host, metrics, foxglove };
    page = headless ? undefined : await demoPage({ ...shown, goalSize: facts.imageSize, sayings: facts.sayings });
    if (page) terminal.say(`the page is at ${page.url}`);
    if (page?.lookUrl) terminal.say(`others can look on at ${page.lookUrl}`);
    if (page?.foxgloveUrl) terminal.say(`Foxglove can look on at ${page.foxgloveUrl}`);
    if (page && settings.open) browse(page.url);
    if (goal) page?.goal(goal);
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
    const goal$ = new BehaviorSubject<Goal>(first);
    const another = (frame: Frame) => {
      recorder?.onGoal(frame);
      page?.goal(frame);
      say('another goal, from the page');
      goal$.next({ frame });
    };
    const ask = (words: string) => {
      try {
        goal$.next(wanted(words));
      } catch (error) {
        say(refusal(error));
      }
    };
    driving = drive({
      robot: found,
      config,
      clock,
      model: sha256,
      mind: {
        load: { checkpoint, engine, threads, ...planning },
        goal: goal$,
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
        onGoal: (novelty = 0, asked) => {
          judged = true;
          if (asked) {
            recorder?.onAsked(asked);
            page?.asked(asked);
            say(taken(asked));
          }
          if (novelty <= 1 || settings.acceptGoal) return;
          const was = arming || driving?.interlock.state.armed === true;
          arming = false;
          driving?.interlock.disarm('a strange goal');
          say(strange(novelty, was));
        },
        onStartled: (is, { distance }) => say(startled(is, distance)),
        onLog: (line) => say(`mind: ${line}`),
      },
      onEvent: tell,
      onGate: (event) => recorder?.onGate(event),
      onMotion: (motion) => {
        recorder?.onMotion(motion);
        times.motion(motion);
      },
      onSeen: (seen) => {
        recorder?.onSeen(seen);
        const passed = Object.values(found.senses.counts()).reduce((sum, { dropped }) => sum + dropped, 0);
        page?.set({ dropped: passed });
        if (page)
          for (const [name, frame] of Object.entries(seen.frames)) page.camera(frame, clock.now() - beganMs, name);
        const view = page && look?.(seen);
        if (view) page?.view(view);
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
    const does = asks(driving, say, dont);
    lock.state$.subscribe(({ armed, pressed }) =>
      page?.set({ phase: pressed ? 'stopped' : armed ? 'running' : 'disarmed' }),
    );
    page?.controls$.subscribe((control) => {
      if (control.kind === 'goal') return another(control.frame);
      if (control.kind === 'ask') return ask(control.words);
      if (control.kind !== 'tune') return does[control.kind]('the page');
      turn(control);
      recorder?.onTuned(control);
      page?.tuned(control);
      say(turned(control));
    });
    const stopKeys = keys(process.stdin, {
      space: () => does.estop('a key'),
      r: () => does.reset('a key'),
      a: () => does.run('a key'),
      d: () => does.pause('a key'),
      q: () => process.kill(process.pid, 'SIGINT'),
    });
    const onSignal = () => does.estop('SIGUSR2');
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
