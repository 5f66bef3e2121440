import type { Sizes } from '../agent/dials.ts';
import { openMind } from '../agent/load-mind.ts';
import { type RunFacts, replay } from '../agent/replay.ts';
import { realClock } from '../clock.ts';
import { readRecording } from '../data/recording.ts';
import type { ReplaySettings } from './commands/replay.ts';
import { mark } from './progress.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Runs a recording again; ok if everything came out the same. */
export async function replayRun(path: string, settings: ReplaySettings, terminal: Terminal): Promise<Outcome> {
  const { engine, threads } = settings;
  let lost = '';
  let model = '';
  let total = 0;
  for await (const event of readRecording(path, { frames: false })) {
    if (event.kind === 'event' && event.event.kind === 'thought') total++;
  }
  const bar = terminal.progress('replay', 'plans');
  const recorded = readRecording(path, {
    onLost: ({ bytes }) => {
      lost = `${bytes} bytes at its end are lost`;
    },
  });
  const open = async ({ checkpoint, model: was, planning }: RunFacts, sizes: Sizes) => {
    const opened = await openMind({
      ...planning,
      ...sizes,
      checkpoint: settings.checkpoint ?? checkpoint,
      engine,
      threads,
    });
    if (opened.model !== was)
      terminal.say(`note: the model was ${was.slice(0, 12)}, and is ${opened.model?.slice(0, 12)}`);
    model = opened.engine;
    return opened;
  };
  const made = await replay(recorded, open, realClock(), (plans) => bar.update(plans, total)).finally(() => bar.done());
  const { plans, wishes, commands, difference } = made;
  const ok = [plans, wishes, commands].every(({ total, equal }) => total === equal) && commands.total > 0;
  const line = (what: string, { total, equal }: typeof plans) =>
    `${mark(total === equal)} ${equal} of ${total} ${what}`;
  return {
    json: { ...made, engine: model, ...(lost ? { lost } : {}), ok },
    ok,
    summary: [
      line('plans are the same, thought again from the recorded frames', plans),
      line('wishes are steps of those plans', wishes),
      line('commands are the same, judged again', commands),
      ...(difference === undefined ? [] : [`first difference: ${difference}`]),
      ...(lost ? [`the recording is cut off: ${lost}`] : []),
    ],
  };
}
