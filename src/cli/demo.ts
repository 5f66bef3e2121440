import { ReplaySubject, Subject, tap } from 'rxjs';
import { type DemoOptions, demo, type Leg } from '../../sim/demo.ts';
import { findTask } from '../../sim/tasks.ts';
import { body } from '../agent/body.ts';
import type { Goal } from '../agent/goal.ts';
import { spawnMind } from '../agent/spawn-mind.ts';
import { realClock } from '../clock.ts';
import { requireTask } from '../data/model-facts.ts';
import { seeded } from '../random.ts';
import type { Hold, Verdict } from '../safety/gate.ts';
import { interlock } from '../safety/interlock.ts';
import { rests } from '../safety/reasons.ts';
import { browse } from './browse.ts';
import type { DemoSettings } from './commands/demo.ts';
import { type DemoPage, demoPage } from './demo-page.ts';
import { dials, turned } from './dials.ts';
import { goalPicture } from './goal-picture.ts';
import { planningOf } from './planning-options.ts';
import { duration, mark } from './progress.ts';
import { stopwatch, type Times } from './stopwatch.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Pictures are of this size where the model takes any, px. */
const DEFAULT_SIZE = 64;
/** Imagined paths for the page, at most so often. */
const PICTURES_EVERY_MS = 200;

/** What the event log says of the buttons. */
const said = { estop: 'E-STOP', pause: 'paused', run: 'going on', reset: 'E-STOP released' } as const;
/** A page needs a moment to hear the end, ms. */
const FAREWELL_MS = 300;

/** The main job: the body here, the mind in its own process, goal after goal. */
export async function runDemo(settings: DemoSettings, terminal: Terminal): Promise<Outcome> {
  const { checkpoint, goals, far, seed, rate, budgetMs, limit, headless } = settings;
  const task = findTask(settings.task);
  requireTask(checkpoint, task.name);
  await task.prepare?.();
  const { actionSpec, periodMs: nominalMs } = task.world();
  const clock = realClock();
  const periodMs = 1000 / rate;
  // Played faster than its nominal rate, the robot may change its mind faster too.
  const spec = { ...actionSpec, maxRate: actionSpec.maxRate.map((rate) => (rate * nominalMs) / periodMs) };
  const goal$ = new ReplaySubject<Goal>(1);
  const lock = interlock({ clock });
  const holds$ = new Subject<Hold>();
  let paused = false;
  const times = stopwatch(clock.now);

  const page = headless ? undefined : await demoPage({ ...settings, task: task.name, spec, deadlineMs: budgetMs });
  const { dials$, turn } = dials();
  const mind = spawnMind({
    load: { checkpoint, engine: settings.engine, threads: settings.threads, periodMs, ...planningOf(settings) },
    goal: goal$,
    think: { budgetMs, seed, surprise: page !== undefined, ...(page ? { picturesEveryMs: PICTURES_EVERY_MS } : {}) },
    clock,
    dials$,
    onThought: (report) => {
      times.thought(report);
      page?.thought(report);
      page?.set({ replansPerSecond: times.recentRate(), frameToCommandMs: times.lastAnswer() });
    },
    onReady: (about) => page?.ready(about),
    onSurprise: ({ distance }) => page?.set({ surprise: distance }),
    onLog: (line) => terminal.say(`mind: ${line}`),
  });
  try {
    terminal.say(page ? `the page is at ${page.url}` : 'no page (--headless)');
    if (page?.lookUrl) terminal.say(`others can look on at ${page.lookUrl}`);
    if (page?.foxgloveUrl) terminal.say(`Foxglove can look on at ${page.foxgloveUrl}`);
    if (page && settings.open) browse(page.url);
    page?.controls$.subscribe((control) => {
      const { kind } = control;
      if (kind === 'goal' || kind === 'ask') return; // its goals come in a row
      if (kind === 'tune') {
        turn(control);
        page.tuned(control);
        return page.log(turned(control));
      }
      if (kind === 'estop') lock.press('the page');
      else if (kind === 'reset' && lock.reset(lock.state.epoch, 'the page').done) void lock.arm('the page');
      paused = kind === 'pause';
      holds$.next({ reason: 'paused', on: paused });
      page.set({ phase: lock.state.pressed ? 'stopped' : paused ? 'paused' : 'running' });
      page.log(said[kind]);
    });
    const ready = await started(mind.ready, terminal.signal);
    const size = ready.pictureSize ?? DEFAULT_SIZE;
    const pictures = settings.goal?.map((path) => goalPicture(task, path, size));
    const which = pictures ? 'goal pictures given' : `goals in a row, ${far} of them far away`;
    terminal.say(`${task.name}: ${goals} ${which}; ${ready.engine}`);

    const onVerdict = ({ action, reason }: Verdict) => page?.acted(action, reason in rests ? reason : '');
    const agent = body((seen$) => seen$.pipe(mind.think, tap(times.motion)), spec, {
      clock,
      interlock: lock,
      holds$,
      lost$: mind.lost$,
      silenceMs: Math.max(200, 4 * periodMs),
      onVerdict,
    });
    await lock.arm('the demo');
    times.begin();
    const beganMs = clock.now();
    const legs = await demo({
      ...reports(terminal, page, { goals, limitMs: limit * periodMs }),
      task,
      random: seeded(seed),
      clock,
      goals,
      far,
      limitMs: limit * periodMs,
      periodMs,
      size,
      ...(pictures ? { pictures } : {}),
      agent,
      goal$,
      held: () => paused || !lock.state.armed,
      signal: terminal.signal,
      onFrame: (frame) => page?.camera(frame, clock.now() - beganMs),
      onAction: times.command,
    });
    if (page) await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    return summary(legs, times.summary(), { goals, checkpoint, engine: ready.engine });
  } finally {
    mind.close();
    await page?.close();
  }
}

type Hooks = Required<Pick<DemoOptions<unknown>, 'onBegin' | 'onEnd'>>;

/** Tells terminal and page how it goes. */
function reports(
  terminal: Terminal,
  page: DemoPage | undefined,
  { goals, limitMs }: { goals: number; limitMs: number },
): Hooks {
  let reached = 0;
  const tell = (line: string) => {
    terminal.say(line);
    page?.log(line);
  };
  return {
    onBegin: ({ index, far, frame }) => {
      page?.goal(frame);
      page?.set({ phase: 'running', goalIndex: index });
      page?.log(`goal ${index + 1} of ${goals}${far ? ', far away' : ''}`);
    },
    onEnd: (leg, index) => {
      if (leg.reached) reached++;
      page?.set({ reached, phase: index + 1 === goals ? 'done' : leg.reached ? 'reached' : 'running' });
      const where = leg.far ? 'far away' : 'near';
      const how = leg.reached
        ? `reached in ${(leg.ms / 1000).toFixed(1)} s`
        : `not reached in ${(limitMs / 1000).toFixed(1)} s`;
      tell(`${mark(leg.reached)} goal ${index + 1}/${goals}, ${where}: ${how}`);
    },
  };
}

function summary(
  legs: readonly Leg[],
  times: Times,
  facts: { goals: number; checkpoint: string; engine: string },
): Outcome {
  const { goals, engine } = facts;
  const reached = legs.filter((leg) => leg.reached).length;
  const far = legs.filter((leg) => leg.far);
  const { seconds, planMs, replansPerSecond, frameToCommandMs } = times;
  return {
    json: { reached, ...times, legs, ...facts },
    summary: [
      '',
      `${reached} of ${goals} goals reached in ${duration(seconds * 1000)}, ${far.filter((leg) => leg.reached).length} of ${far.length} far ones`,
      `a plan took ${planMs.p50.toFixed(1)} ms (p50), ${planMs.p95.toFixed(1)} (p95); ${replansPerSecond.toFixed(1)} plans/s; frame to command ${frameToCommandMs.p50.toFixed(1)} ms (p50), ${frameToCommandMs.p95.toFixed(1)} (p95)`,
      engine,
    ],
    ok: reached >= Math.ceil(0.9 * goals),
  };
}

/** The mind's start, given up when asked to stop. */
function started<T>(ready: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([ready, stopped]);
}
