import { realClock } from '../clock.ts';
import { type RecordingHeader, readRecording } from '../data/recording.ts';
import type { ActionSpec } from '../drivers/driver.ts';
import type { Verdict } from '../safety/gate.ts';
import { rests } from '../safety/reasons.ts';
import { browse } from './browse.ts';
import type { ReplaySettings } from './commands/replay.ts';
import { type DemoPage, demoPage } from './demo-page.ts';
import type { Outcome, Terminal } from './verb.ts';

/** A recording on the page, as fast as it happened or `speed` times as fast; Pause holds it. Nothing is thought again, and nothing moves. */
export async function showRecording(path: string, settings: ReplaySettings, terminal: Terminal): Promise<Outcome> {
  const { speed = 1, port, open } = settings;
  const clock = realClock();
  let page: DemoPage | undefined;
  let [startMs, counted, paused] = [0, 0, false];
  let beganMs = clock.now(); // when the recording would have begun
  const wait = (ms: number) => new Promise<void>((resolve) => clock.schedule(() => resolve(), ms));
  /** Waits for a moment of the recording, longer while it is held. */
  const until = async (timeMs: number) => {
    for (;;) {
      terminal.signal.throwIfAborted();
      const left = beganMs + (timeMs - startMs) / speed - clock.now();
      if (!paused && left <= 0) return;
      const step = paused ? TICK_MS : Math.min(left, TICK_MS);
      await wait(step);
      if (paused) beganMs += step;
    }
  };
  try {
    for await (const one of readRecording(path)) {
      if (one.kind === 'header') {
        startMs = one.timeMs;
        page = await demoPage({
          task: `${one.header.robot}, recorded`,
          goals: 0,
          spec: specOf(one.header),
          deadlineMs: 0,
          port,
        });
        terminal.say(`the page is at ${page.url}`);
        if (open) browse(page.url);
        page.set({ phase: 'running', deadlineMs: undefined });
        page.controls$.subscribe(({ kind }) => {
          if (kind !== 'pause' && kind !== 'run') return;
          paused = kind === 'pause';
          page?.set({ phase: paused ? 'paused' : 'running' });
          page?.log(paused ? 'held' : 'going on');
        });
        beganMs = clock.now();
        continue;
      }
      if (page === undefined) continue;
      await until(one.timeMs);
      if (one.kind === 'frame') {
        counted++;
        if (one.name === 'goal') page.goal(one.frame);
        else if (one.name === 'imagined') page.imagined(one.frame);
        else page.camera(one.frame, one.timeMs - startMs, one.name);
      } else if (one.kind === 'command') page.set({ action: one.action });
      else if (one.kind === 'event') tell(page, one.event);
    }
    await page?.close('the recording is over');
    page = undefined;
    return { json: { recording: path, frames: counted }, summary: [`${counted} pictures shown`] };
  } finally {
    await page?.close();
  }
}

/** A hold is looked at so often, ms. */
const TICK_MS = 50;

function tell(page: DemoPage, event: Readonly<Record<string, unknown>>): void {
  if (event.kind === 'thought') {
    const { refinements } = event.thought as { refinements: number };
    page.set({ refinements });
  } else if (event.kind === 'verdict') {
    const { action, reason } = event.verdict as Verdict;
    page.acted(action, reason in rests ? reason : '');
  } else if (event.kind === 'safety')
    page.log([event.what, event.reason, event.by, event.why].filter(Boolean).join(' '));
}

/** Limits as the run told them; of a recording that tells none, one to each side. */
function specOf({ actionNames: names, facts }: RecordingHeader): ActionSpec {
  const known = facts?.spec as ActionSpec | undefined;
  if (known) return known;
  const all = (value: number) => names.map(() => value);
  return { low: all(-1), high: all(1), rest: all(0), maxRate: all(Number.POSITIVE_INFINITY), names };
}
