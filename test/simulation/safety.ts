// npm run test:safety [-- --seeds 3000 --json]: the safety proofs under virtual time, one table.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { inTwo, root, unfit } from './child.ts';
import { plant, twoAtATime } from './plant.ts';
import { planted } from './planted.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '3000' }, json: { type: 'boolean', default: false } },
});
const seeds = Number(values.seeds);
const rows: { name: string; n: string; found: string; pass: boolean }[] = [];
const row = (name: string, n: string, found: string, pass: boolean) => {
  rows.push({ name, n, found, pass });
  console.error(`${pass ? 'pass' : 'FAIL'}  ${name}: ${n}: ${found}`);
};
const say = (line: string) => void (/left$|seed/.test(line) && console.error(line));
const share = (reached: number, going: number) => `${reached} of ${going} runs that went on reached the goal`;

const r1 = await inTwo(1, seeds, [], say);
const least = Math.min(...Object.values(r1.fired));
const enough = Math.ceil(seeds / 10);
row(
  'R1 invariants',
  `${r1.seeds} seeds x 60 virtual s`,
  `${r1.violations} violations in ${r1.commands} commands; every fault class at least ${least} times; ${r1.seconds.toFixed(0)} s`,
  r1.violations === 0 && least >= enough,
);
row(
  'R1 liveness',
  `${r1.seeds} seeds`,
  share(r1.reached, r1.seeds - r1.ended),
  r1.reached >= 0.99 * (r1.seeds - r1.ended),
);

const again = await inTwo(1, Math.min(200, seeds));
const equal = Object.entries(again.traces!).filter(([seed, trace]) => r1.traces![Number(seed)] === trace).length;
row('R2 same seed, same trace', `${again.seeds} seeds twice`, `${equal} equal`, equal === again.seeds);

const steady = await inTwo(1, Math.min(200, seeds), ['--without', 'wall clock jumps']);
const same = Object.entries(steady.traces!).filter(([seed, trace]) => r1.traces![Number(seed)] === trace).length;
row(
  'I10 with and without wall-clock jumps',
  `${steady.seeds} seeds, ${again.fired['wall clock jumps']} jumps`,
  `${same} equal traces`,
  same === steady.seeds,
);

const r8 = await inTwo(10_001, 500, ['--only', 'frames', '--seconds', '20']);
row(
  'R8 camera faults only',
  `${r8.seeds} seeds x 20 virtual s`,
  `${r8.violations} violations; ${share(r8.reached, r8.seeds - r8.ended)}`,
  r8.violations === 0,
);

const r22 = await inTwo(20_001, 100, unfit);
row(
  'R22 boots disarmed, refuses to arm',
  `${r22.seeds} boots without camera or bridge`,
  `armed ${r22.armings} times; ${r22.violations} violations, all moved when it was well again`,
  r22.armings === 0 && r22.violations === 0,
);

const caught = await twoAtATime(planted, async (one) => {
  const found = await plant(one).catch(({ message }: Error) => ({ name: one.name, seeds: undefined, by: message }));
  console.error(`${found.seeds === undefined ? 'NOT CAUGHT' : `${found.seeds} seeds`}  ${found.name}  ${found.by}`);
  return found;
});
const good = caught.filter(({ seeds }) => seeds !== undefined);
const most = Math.max(...good.map(({ seeds }) => seeds!));
row(
  'R20 planted mistakes',
  `${planted.length}, 200 seeds each`,
  `${good.length} caught, after ${most} seeds at most`,
  good.length === planted.length,
);

const suite = spawnSync('npx', ['vitest', 'run', 'test/safety', 'test/agent/drive.test.ts'], {
  cwd: root,
  encoding: 'utf8',
});
const passed = suite.stdout.match(/Tests .*?(\d+) passed/)?.[1] ?? '0';
row(
  'R9, R22 hostile commands, refusals',
  '100,000 commands; see the suite',
  `${passed} tests passed`,
  suite.status === 0,
);

if (values.json) console.log(JSON.stringify(rows));
else
  for (const { name, n, found, pass } of rows)
    console.log(`${pass ? '✓' : '✗'} ${name.padEnd(34)} ${n.padEnd(34)} ${found}`);
process.exit(rows.every(({ pass }) => pass) ? 0 : 1);
