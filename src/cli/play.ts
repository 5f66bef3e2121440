import { policyNames } from '../../sim/play.ts';
import { MANUAL, type Moment, type Playground, playground } from '../../sim/playground.ts';
import { findTask } from '../../sim/tasks.ts';
import { vary as varied } from '../../sim/vary.ts';
import type { Task, World } from '../../sim/world.ts';
import { type Clock, realClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import { seeded } from '../random.ts';
import { browse } from './browse.ts';
import { playPage } from './play-page.ts';
import { mark } from './progress.ts';
import { type RecordedMoment, readMoment } from './recorded-moment.ts';
import type { Outcome, Terminal } from './verb.ts';

export type PlaySettings = {
  readonly task: string;
  readonly policy: string;
  readonly vary?: Record<string, unknown>;
  readonly seed: number;
  /** Side of the camera's pictures, px. */
  readonly size: number;
  readonly camera?: string;
  readonly speed: number;
  readonly port?: number;
  /** No page: as fast as it goes. */
  readonly headless: boolean;
  readonly open: boolean;
  /** Where saved episodes go. */
  readonly out: string;
  /** A recorded moment to start from: data set, episode, step. */
  readonly from?: RecordedMoment;
  /** Ends after so many episodes, or seconds. */
  readonly episodes?: number;
  readonly duration?: number;
};

/** What came of an episode that is over. */
type Ended = { readonly reached: boolean; readonly steps: number };

/** Shows a world on the live page, or plays it without one; tells how often the goal was reached. */
export async function runPlay(settings: PlaySettings, terminal: Terminal): Promise<Outcome> {
  const recorded = settings.from && (await readMoment(settings.from));
  if (recorded && recorded.task !== settings.task) {
    throw new UsageError(`--from must name episodes of ${settings.task}, got ${recorded.task}`);
  }
  const plain = findTask(settings.task);
  oneOf('--policy', settings.policy, [...policyNames(plain), MANUAL]);
  await plain.prepare?.();
  const vary = settings.vary ?? recorded?.variations ?? {};
  const task = varied(plain, vary);
  const world = task.world();
  const start = recorded && { start: world.decodeState(recorded.state) };
  const clock = realClock();
  const ended: Ended[] = [];
  const over = episodesOver(ended, settings, terminal);
  const beganMs = clock.now();
  const steps = settings.headless
    ? await playQuickly({ task, world, ...start }, settings, terminal, clock, over)
    : await playOnPage({ task, world, ...start }, { ...settings, vary }, terminal, clock, over);
  const seconds = (clock.now() - beganMs) / 1000;
  const reached = ended.filter((episode) => episode.reached).length;
  const { task: name, policy, seed } = settings;
  return {
    json: {
      task: name,
      policy,
      seed,
      episodes: ended.length,
      reached,
      steps,
      seconds,
      stepsPerSecond: steps / seconds,
    },
    summary: [
      `${reached} of ${ended.length} episodes reached their goal; ${steps} steps in ${seconds.toFixed(1)} s` +
        (settings.headless ? ` (${Math.round(steps / seconds)} steps/s)` : ''),
    ],
  };
}

type Where<State> = { readonly task: Task<State>; readonly world: World<State>; readonly start?: State };
type Over = (moment: Moment<unknown>) => void;

/** Tells of each episode when the next one begins. */
function episodesOver(ended: Ended[], { headless }: PlaySettings, terminal: Terminal): Over {
  let last: Moment<unknown> | undefined;
  let reached = false;
  return (moment) => {
    if (last && moment.episode !== last.episode && last.step > 0) {
      ended.push({ reached, steps: last.step });
      if (!headless) terminal.say(`${mark(reached)} episode ${last.episode}, ${last.step} steps`);
    }
    reached = moment.reached || (moment.episode === last?.episode && reached);
    last = moment;
  };
}

const done = (settings: PlaySettings, episode: number, elapsedMs: number): boolean =>
  episode >= (settings.episodes ?? Infinity) || elapsedMs >= 1000 * (settings.duration ?? Infinity);

async function playQuickly<State>(
  where: Where<State>,
  settings: PlaySettings,
  terminal: Terminal,
  clock: Clock,
  over: Over,
): Promise<number> {
  const bar = terminal.progress(`sim ${where.task.name}`, 'episodes');
  const beganMs = clock.now();
  let [steps, episode] = [0, 0];
  const play = playground({
    ...where,
    policy: settings.policy,
    random: seeded(settings.seed),
    clock,
    onMoment: (moment) => {
      over(moment);
      episode = moment.episode;
      if (moment.step > 0) steps++;
      else bar.update(episode, settings.episodes ?? 0);
    },
  });
  while (!done(settings, episode, clock.now() - beganMs) && !terminal.signal.aborted) {
    for (let i = 0; i < 50 && !done(settings, episode, 0); i++) play.step();
    await new Promise(setImmediate);
  }
  bar.done();
  return steps;
}

async function playOnPage<State>(
  where: Where<State>,
  settings: PlaySettings,
  terminal: Terminal,
  clock: Clock,
  over: Over,
): Promise<number> {
  const page = await playPage({ ...settings, ...where });
  let steps = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const timer = Number.isFinite(settings.duration) ? clock.schedule(finish, 1000 * settings.duration!) : undefined;
  terminal.signal.addEventListener('abort', finish);
  let play: Playground<State> | undefined;
  try {
    play = playground({
      ...where,
      policy: settings.policy,
      random: seeded(settings.seed),
      clock,
      onMoment: (moment) => {
        over(moment);
        if (moment.step > 0) steps++;
        page.show(moment, play);
        if (done(settings, moment.episode, 0)) finish();
      },
    });
    play.setSpeed(settings.speed);
    page.obey(play);
    play.run();
    terminal.say(`${where.task.name} at ${page.url}   (Ctrl-C ends)`);
    if (settings.open) browse(page.url);
    if (!terminal.signal.aborted) await finished;
  } finally {
    terminal.signal.removeEventListener('abort', finish);
    timer?.unsubscribe();
    play?.close();
    await page.close();
  }
  return steps;
}
