import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, type Row, row, timed } from './row.ts';

/** Starting the command line: the built one, in a process of its own. */
export async function benchCli(): Promise<Row[]> {
  const main = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
  const start = (...args: string[]) => timed(7, () => spawnSync(process.execPath, args), 1);
  const bare = median(await start('-e', '0'));
  const help = median(await start(main, '--help'));
  return [
    row('premotor --help', help, 'ms', { name: 'budget', value: 300 }, 'lower'),
    row('premotor --help beyond starting Node', help - bare, 'ms'),
  ];
}
