import { readRecording } from '../../data/recording.ts';
import type { Frame } from '../../drivers/driver.ts';
import { NO_CAMERAS } from '../../drivers/ros/config-resolve.ts';
import { lines } from './chart.ts';
import type { Report, Strip } from './page.ts';
import { some, strip } from './strip.ts';

const MOMENTS = 10;

/** What happened on a recorded ride: pictures of every camera, what was sent, how long thoughts took, and what was told. */
export async function rideReport(path: string): Promise<Report> {
  let [robot, startMs] = ['', 0];
  let names: readonly string[] = [];
  const times = new Map<string, number[]>();
  const commands: { x: number; y: number; series: string }[] = [];
  const thoughts: { x: number; y: number; series: string }[] = [];
  const events: string[][] = [];
  const seconds = (timeMs: number) => (timeMs - startMs) / 1000;
  for await (const one of readRecording(path, { frames: false })) {
    if (one.kind === 'header') {
      ({ robot, actionNames: names } = one.header);
      startMs = one.timeMs;
    } else if (one.kind === 'command') {
      one.action.forEach((y, axis) => {
        commands.push({ x: seconds(one.timeMs), y, series: names[axis] ?? `action ${axis}` });
      });
    } else if (one.kind === 'event' && one.event.kind === 'thought') {
      const { timeMs: fromMs } = one.event.thought as { timeMs: number };
      thoughts.push({ x: seconds(one.event.timeMs), y: one.event.timeMs - fromMs, series: 'from its frame to a plan' });
    } else if (one.kind === 'event' && one.event.kind === 'safety') {
      const { timeMs, kind: _, what, ...more } = one.event;
      events.push([seconds(timeMs).toFixed(2), String(what), told(more)]);
    }
  }
  for await (const one of readRecording(path)) {
    if (one.kind !== 'frame') continue;
    const known = times.get(one.name) ?? [];
    times.set(one.name, known);
    known.push(one.timeMs);
  }
  const seen = [...times.keys()].filter((name) => !NO_CAMERAS.includes(name));
  const moments = some(times.get(seen[0] ?? '') ?? [], MOMENTS);
  /** What there was of each at those moments: the newest, or the first that came. */
  const films = [...seen, ...NO_CAMERAS].flatMap((name) => {
    const all = times.get(name);
    return all ? [{ name, at: moments.map((moment) => all.findLast((timeMs) => timeMs <= moment) ?? all[0]!) }] : [];
  });
  const frames = new Map(
    films.map(({ name, at }) => [name, new Map<number, Frame | undefined>(at.map((ms) => [ms, undefined]))]),
  );
  for await (const one of readRecording(path)) {
    if (one.kind === 'frame' && frames.get(one.name)?.has(one.timeMs)) frames.get(one.name)!.set(one.timeMs, one.frame);
  }
  const strips = films.map(({ name, at }): Strip => {
    const film = at.map((timeMs) => frames.get(name)!.get(timeMs)!);
    const when = moments.map((timeMs) => `${seconds(timeMs).toFixed(1)} s`).join(', ');
    return { caption: `${name}: ${when}`, png: strip(film) };
  });
  return {
    title: `A ride of ${robot}`,
    subtitle: path,
    sections: [
      {
        title: 'What it saw, imagined and wanted',
        text: 'From left to right the same moments. Imagined is what is remembered that is most like the imagined end of the plan; the goal is the picture it was to reach.',
        strips,
      },
      {
        title: 'What was sent',
        charts: [await lines('commands', commands, { title: '', x: 's', y: 'in the units of the robot' })],
      },
      ...(thoughts.length > 0
        ? [
            {
              title: 'How long it thought',
              charts: [await lines('thoughts', thoughts, { title: '', x: 's', y: 'ms' })],
            },
          ]
        : []),
      ...(events.length > 0 ? [{ title: 'What was told', table: [['s', 'what', 'more'], ...events] }] : []),
    ],
  };
}

const told = (more: Readonly<Record<string, unknown>>) =>
  Object.entries(more)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
