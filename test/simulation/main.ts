// npm run simulate [-- --seeds N --first N --seed N --trace --only frames --without FAULT --lasting FAULT --json]:
// the deterministic simulation, seed after seed. `--only` takes the beginning of faults' names; of `--lasting`, a list, each seed has one from the start.
import { parseArgs } from 'node:util';
import { type Fault, faultNames } from './faults.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    'until-violation': { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    only: { type: 'string' },
    without: { type: 'string' },
    lasting: { type: 'string' },
    seconds: { type: 'string', default: '60' },
  },
});
const first = Number(values.seed ?? values.first);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
const fired = new Map<Fault, number>(faultNames.map((name) => [name, 0]));
const totals = { seeds: 0, commands: 0, moved: 0, armings: 0, violations: 0, stale: 0, ended: 0, reached: 0 };
const only = values.only;
const without = new Set(
  faultNames.filter((name) => name === values.without || (only !== undefined && !name.startsWith(only))),
);
const lasting = faultNames.filter((name) => values.lasting?.split(',').includes(name));
const lengthMs = Number(values.seconds) * 1000;
const traces: Record<number, string> = {};
const began = performance.now();
const broken: number[] = [];
const missed: number[] = [];
let at = first;
process.on('uncaughtException', ({ message }) => {
  console.error(`seed ${at}, 0.000 s: crash: ${message}`);
  totals.seeds++;
  totals.violations++;
  broken.push(at);
  end();
});
for (let seed = first; seed < first + seeds; seed++) {
  at = seed;
  const onTrace = values.trace ? (line: string) => console.error(line) : undefined;
  const times = { lengthMs, faultsMs: 0.7 * lengthMs };
  const one = new Set(lasting.length === 0 ? [] : [lasting[seed % lasting.length]!]);
  const made = await simulate({ seed, ...times, without, lasting: one, ...(onTrace ? { onTrace } : {}) });
  traces[seed] = made.trace;
  for (const [fault, times] of made.fired) fired.set(fault, fired.get(fault)! + times);
  totals.seeds++;
  totals.commands += made.commands;
  totals.moved += made.moved;
  totals.armings += made.armings;
  totals.stale += made.stale;
  totals.violations += made.violations.length;
  if (made.ended) totals.ended++;
  else if (made.reached) totals.reached++;
  else missed.push(seed);
  if (values.seed !== undefined) console.error(`trace ${made.trace}`);
  if (made.violations.length > 0) {
    broken.push(seed);
    for (const { invariant, atMs, what } of made.violations.slice(0, 3))
      console.error(`seed ${seed}, ${(atMs / 1000).toFixed(3)} s: ${invariant}: ${what}`);
    console.error(`replay: npm run simulate -- --seed ${seed} --trace`);
    if (values['until-violation']) break;
  }
  if (totals.seeds % 100 === 0) {
    const rate = totals.seeds / (performance.now() - began);
    console.error(`${totals.seeds}/${seeds} seeds, ${Math.round((seeds - totals.seeds) / rate / 1000)} s left`);
  }
}
end();

function end(): never {
  const seconds = (performance.now() - began) / 1000;
  const least = Math.min(...fired.values());
  const result = { first, ...totals, broken, missed, seconds, least, traces, fired: Object.fromEntries(fired) };
  if (values.json) console.log(JSON.stringify(result));
  else {
    console.log(
      `${totals.seeds} seeds of 60 virtual s in ${seconds.toFixed(1)} s: ${totals.violations} violations in ${broken.length} seeds`,
    );
    console.log(
      `${totals.commands} commands left, ${totals.moved} of them motion; ${totals.reached} of ${totals.seeds - totals.ended} runs that went on reached the goal`,
    );
    console.log(`motion read more than a second late: ${totals.stale}; each fault class came at least ${least} times`);
    for (const [name, times] of fired) console.log(`  ${String(times).padStart(6)}  ${name}`);
  }
  process.exitCode = totals.violations > 0 ? 1 : 0;
  process.exit();
}
