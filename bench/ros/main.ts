// npm run bench:ros [-- --json] [-- --only NAME]: what the promises about a robot behind ROS are worth, measured through real
// sockets, processes and signals. Needs a machine with nothing else to do.
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Row } from '../row.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    protocols: { type: 'string', default: 'clear-strict' },
    episodes: { type: 'string', default: '100' },
    seed: { type: 'string', default: '42' },
  },
});

/** What a file of benches measures; nothing where it is not there. */
async function lent(path: string): Promise<Row[]> {
  if (!existsSync(new URL(path, import.meta.url))) return [];
  const module = (await import(path)) as Readonly<Record<string, unknown>>;
  const bench = Object.entries(module).find(([name]) => name.startsWith('bench'))?.[1];
  return typeof bench === 'function' ? ((await bench()) as Row[]) : [];
}

const benches: Readonly<Record<string, () => Promise<Row[]>>> = {
  'e-stop': async () => (await import('./e-stop.ts')).benchEStop(),
  mind: async () => (await import('./mind.ts')).benchMind(),
  onlookers: async () => (await import('./onlookers.ts')).benchOnlookers(),
  toxics: () => lent('./toxics.ts'),
  camera: () => lent('./camera.ts'),
  'two-room': async () =>
    (await import('./two-room.ts')).benchTwoRoom({
      protocols: values.protocols.split(','),
      episodes: Number(values.episodes),
      seed: Number(values.seed),
    }),
};
if (values.only !== undefined && !Object.hasOwn(benches, values.only)) {
  console.error(`--only must be one of ${Object.keys(benches).join(', ')}, got "${values.only}"`);
  process.exit(2);
}

/** Missing where nothing is promised. */
const passed = ({ value, ratio, baseline }: Row): boolean | undefined =>
  baseline?.name !== 'pass line' ? undefined : value === baseline.value || ratio! >= 1;
const number = (value: number) =>
  Number.isInteger(value) || Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);

const load = loadavg()[0]!;
const rows: (Row & { readonly bench: string })[] = [];
for (const [bench, measure] of Object.entries(benches)) {
  if (values.only !== undefined && values.only !== bench) continue;
  process.stderr.write(`measuring ${bench} ...\n`);
  rows.push(...(await measure()).map((row) => ({ ...row, bench })));
}

if (values.json) {
  const flat = rows.map(({ ratio: _, baseline, ...rest }) => ({
    ...rest,
    comparedWith: baseline ?? null,
    passed: passed({ ...rest, ...(baseline ? { baseline } : {}), ...(_ === undefined ? {} : { ratio: _ }) }) ?? null,
  }));
  console.log(JSON.stringify({ load, rows: flat }));
} else {
  const cells = [
    ['what', 'value', 'unit', 'pass line', 'passed'],
    ...rows.map((row) => {
      const { name, value, unit, baseline } = row;
      const line = baseline === undefined ? '' : number(baseline.value);
      const good = passed(row);
      return [
        name,
        number(value),
        unit,
        baseline === undefined || baseline.name === 'pass line' ? line : `${baseline.name}: ${line}`,
        good === undefined ? '' : good ? 'yes' : 'NO',
      ];
    }),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  console.log(
    cells
      .map((line) =>
        line
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  );
  console.log(`load when it began: ${load.toFixed(2)}`);
}
process.exit(rows.some((row) => passed(row) === false) ? 1 : 0);
