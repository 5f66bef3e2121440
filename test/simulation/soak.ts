// node --expose-gc --import tsx test/simulation/soak.ts [--hours 24]: one fault a minute for a day, and whether anything grows.
import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: { hours: { type: 'string', default: '24' }, seed: { type: 'string', default: '1' } },
});
const hours = Number(values.hours);
const began = performance.now();
const seen: { timers: number; listeners: number; handles: number; heapMiB: number }[] = [];
const lengthMs = hours * 3_600_000 + 30_000;
const made = await simulate({
  seed: Number(values.seed),
  lengthMs,
  faultsMs: lengthMs - 20_000,
  drizzleMs: 60_000,
  onHour: (hour, held) => {
    (globalThis as { gc?: () => void }).gc?.();
    const heapMiB = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
    seen.push({ ...held, handles: process.getActiveResourcesInfo().length, heapMiB });
    console.error(`hour ${hour} of ${hours}: ${JSON.stringify(seen.at(-1))}`);
  },
});
const seconds = Math.round((performance.now() - began) / 1000);
const times = [...made.fired.values()].reduce((sum, count) => sum + count, 0);
for (const { invariant, atMs, what } of made.violations.slice(0, 5))
  console.error(`${(atMs / 1000).toFixed(3)} s: ${invariant}: ${what}`);
console.log(
  JSON.stringify({
    hours,
    faults: times,
    classes: made.fired.size,
    commands: made.commands,
    moved: made.moved,
    violations: made.violations.length,
    ended: made.ended,
    reached: made.reached,
    seconds,
    first: seen[0],
    last: seen.at(-1),
  }),
);
process.exit(made.violations.length > 0 || made.ended ? 1 : 0);
