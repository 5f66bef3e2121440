import { writeFileSync } from 'node:fs';
import { findTask } from '../../sim/tasks.ts';
import { factorsOf, RANDOM } from '../../sim/vary.ts';
import { wilson } from '../../sim/wilson.ts';
import type { Task } from '../../sim/world.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import type { EvalOptions } from './commands/eval.ts';
import { evaluate } from './eval.ts';
import type { Outcome, Terminal } from './verb.ts';

type Found = {
  readonly success: number;
  readonly random: number;
  readonly planMs?: { readonly p50: number; readonly p95: number };
};
type Cell = { readonly column: string; readonly who: string; readonly success: number };

/** What is evaluated: a protocol, under variations. */
type Column = Pick<EvalOptions, 'protocol'> & { readonly label: string; readonly vary?: EvalOptions['vary'] };

/** Standard deviation of the pixel noise that LeWM was tried with, 0.1 of the range, in grey levels. */
const NOISE = 25.5;
const VARIED = 'clear-moderate';

/** Every protocol; with `varied` also one of them with each thing that can vary drawn anew for every episode, and with LeWM's noise. */
export function columnsOf(task: Task, { vary, varied }: EvalOptions): Column[] {
  const protocols = Object.keys(task.protocols).map((protocol) => ({ label: protocol, protocol, vary }));
  if (!varied) return protocols;
  const alone = Object.keys(factorsOf(task)).map((name) => ({ label: name, vary: { ...vary, [name]: RANDOM } }));
  const noise = { label: `noise ${NOISE}`, vary: { ...vary, pixelNoise: NOISE } };
  return [...protocols, ...[...alone, noise].map((each) => ({ ...each, protocol: VARIED }))];
}

/**
 * Every protocol of a task by chance, by the expert, by the reflex where the checkpoint has one, by search, and by both: a table of
 * what all seeds together gave.
 */
export async function evaluateAll(
  options: EvalOptions & { readonly checkpoint: string; readonly table?: string },
  terminal: Terminal,
): Promise<Outcome> {
  const { episodes, seeds = [options.seed], table } = options;
  const task = findTask(options.task);
  const { reflex } = loadCheckpoint(options.checkpoint).config;
  const columns = columnsOf(task, options);
  const modes = options.mode ? [options.mode] : reflex ? ['reflex', 'plan', 'auto'] : ['plan'];
  const cells: Cell[] = [];
  const times: string[] = [];
  for (const { label: column, protocol, vary } of columns) {
    const run = async (policy: string, mode?: string) => {
      const found: Found[] = [];
      for (const seed of seeds) {
        terminal.say(`${column}: ${mode ?? policy}, seed ${seed}`);
        const given = { ...options, protocol, policy, seed, ...(vary && { vary }), ...(mode && { mode }) };
        const { json } = await evaluate(given, terminal);
        found.push(json as Found);
      }
      return found;
    };
    const calm = await run('expert');
    cells.push({ column, who: 'random', success: mean(calm.map(({ random }) => random)) });
    cells.push({ column, who: 'expert', success: mean(calm.map(({ success }) => success)) });
    for (const mode of modes) {
      const found = await run('plan', mode);
      cells.push({ column, who: mode, success: mean(found.map(({ success }) => success)) });
      const slowest = (of: 'p50' | 'p95') => Math.max(...found.map(({ planMs }) => planMs![of])).toFixed(1);
      times.push(`${column}, ${mode}: p50 ${slowest('p50')}, p95 ${slowest('p95')} ms`);
    }
  }
  const tries = episodes * seeds.length;
  const lines = [
    ...tableOf(
      columns.map(({ label }) => label),
      cells,
      tries,
    ),
    '',
    ...times.map((time) => `- ${time}`),
  ];
  if (table !== undefined) writeFileSync(table, `${lines.join('\n')}\n`);
  return { json: { task: task.name, episodes: tries, seeds, variations: options.vary ?? {}, cells }, summary: lines };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Markdown: who in what column, percent with Wilson's 95 % interval. */
function tableOf(columns: readonly string[], cells: readonly Cell[], tries: number): string[] {
  const row = (who: string) =>
    columns.map((column) => {
      const { success } = cells.find((cell) => cell.who === who && cell.column === column)!;
      const [low, high] = wilson((success / 100) * tries, tries);
      return `${success.toFixed(0)} (${low.toFixed(0)}..${high.toFixed(0)})`;
    });
  const names = [...new Set(cells.map(({ who }) => who))];
  return [
    `| N ${tries} | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...names.map((who) => `| ${who} | ${row(who).join(' | ')} |`),
  ];
}
