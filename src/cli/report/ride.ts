import { readRecording } from '../../data/recording.ts';
import type { Frame } from '../../drivers/driver.ts';
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
  const wanted = new Map([...times].map(([name, all]) => [name, new Set(some(all, MOMENTS))]));
  const shown = new Map<string, { timeMs: number; frame: Frame }[]>();
  for await (const one of readRecording(path)) {
    if (one.kind !== 'frame' || !wanted.get(one.name)!.has(one.timeMs)) continue;
    shown.set(one.name, [...(shown.get(one.name) ?? []), one]);
  }
  const strips = [...shown].map(([name, all]): Strip => {
    const at = all.map(({ timeMs }) => `${seconds(timeMs).toFixed(1)} s`).join(', ');
    const zoom = Math.max(1, Math.floor(96 / all[0]!.frame.width));
    return {
      caption: `${name}: ${at}`,
      png: strip(
        all.map(({ frame }) => frame),
        zoom,
      ),
    };
  });
  return {
    title: `A ride of ${robot}`,
    subtitle: path,
    sections: [
      { title: 'What it saw', text: 'The goal is the picture it was to reach.', strips },
      {
        title: 'What was sent',
        charts: [await lines('commands', commands, { title: '', x: 's', y: 'in the units of the robot' })],
      },
      ...(events.length > 0 ? [{ title: 'What was told', table: [['s', 'what', 'more'], ...events] }] : []),
    ],
  };
}

const told = (more: Readonly<Record<string, unknown>>) =>
  Object.entries(more)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
