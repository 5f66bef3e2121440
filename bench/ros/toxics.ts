import { monitorEventLoopDelay } from 'node:perf_hooks';
import { seeded } from '../../src/random.ts';
import { median, type Row, row } from '../row.ts';
import { type ToxicOutcome, toxicRun, toxics } from './toxic-run.ts';

/** A body and its robot with a spoilt line between them, beside stock roslib on the same line: R7. */
export async function benchToxics({ runs = 5, seed = 7 } = {}): Promise<Row[]> {
  const random = seeded(seed);
  const outcomes: ToxicOutcome[] = [];
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  for (let i = 0; i < runs; i++) {
    for (let at = 0; at < toxics.length; at += 2) {
      const pair = toxics.slice(at, at + 2).map((toxic) => toxicRun(toxic, random.fork(`${toxic.kind} ${i}`)));
      outcomes.push(...(await Promise.all(pair)));
    }
  }
  loop.disable();
  const rows = toxics.flatMap(({ kind }) =>
    rowsOf(
      kind,
      outcomes.filter((outcome) => outcome.kind === kind),
    ),
  );
  return [
    ...rows,
    ...rowsOf('all', outcomes),
    row('event loop of body, line and robot: p99 late', loop.percentile(99) / 1e6, 'ms'),
    row('event loop of body, line and robot: latest', loop.max / 1e6, 'ms'),
  ];
}

function rowsOf(name: string, outcomes: readonly ToxicOutcome[]): Row[] {
  const all = (of: (outcome: ToxicOutcome) => number) => outcomes.map(of);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const what = `${name} (N = ${outcomes.length})`;
  const [hold, stream] = [all(({ holdMs }) => holdMs), all(({ streamMs }) => streamMs)];
  const pass = (value: number) => ({ name: 'pass line', value });
  return [
    row(`${what}: fault to HOLD, median`, median(hold), 'ms'),
    row(`${what}: fault to HOLD, longest`, Math.max(...hold), 'ms', pass(250), 'lower'),
    row(`${what}: stale motions`, sum(all(({ stale }) => stale)), '', pass(0), 'lower'),
    row(`${what}: stale motions of stock roslib`, sum(all(({ stock }) => stock.stale)), ''),
    row(`${what}: oldest motion heard`, Math.max(...all(({ oldestMs }) => oldestMs)), 'ms'),
    row(`${what}: oldest of stock roslib`, Math.max(...all(({ stock }) => stock.oldestMs)), 'ms'),
    row(`${what}: healed to moving, median`, median(stream), 'ms'),
    row(`${what}: healed to moving, longest`, Math.max(...stream), 'ms', pass(2000), 'lower'),
  ];
}
