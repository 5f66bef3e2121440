// npm run bench [-- --json] [-- --only NAME]: every comparison is measured side by side, in this one run.
import { benchCli } from './cli.ts';
import { benchPage } from './page.ts';
import { benchPlanning } from './planning.ts';
import { benchReading } from './reading.ts';
import { benchRendering } from './rendering.ts';
import { type Row, table } from './row.ts';
import { benchTraining } from './training.ts';
import { benchWorld } from './world.ts';
import { benchWorlds } from './worlds.ts';

const benches = {
  training: benchTraining,
  reading: benchReading,
  planning: benchPlanning,
  world: benchWorld,
  worlds: benchWorlds,
  rendering: benchRendering,
  cli: benchCli,
  page: benchPage,
};
const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const rows: Row[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (only !== undefined && only !== name) continue;
  process.stderr.write(`measuring ${name} ...\n`);
  rows.push(...(await bench()));
}
const flat = rows.map(({ baseline, ratio, ...rest }) => ({
  ...rest,
  baseline: baseline?.value ?? null,
  ratio: ratio ?? null,
  comparedWith: baseline?.name ?? null,
}));
console.log(args.includes('--json') ? JSON.stringify(flat) : table(rows));
process.exit(0);
