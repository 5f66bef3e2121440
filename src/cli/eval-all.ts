import { writeFileSync } from 'node:fs';
import { findTask } from '../../sim/tasks.ts';
import { wilson } from '../../sim/wilson.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import type { EvalOptions } from './commands/eval.ts';
import { evaluate } from './eval.ts';
import type { Outcome, Terminal } from './verb.ts';

type Found = {
  readonly success: number;
  readonly random: number;
  readonly planMs?: { readonly p50: number; readonly p95: number };
};
type Cell = { readonly protocol: string; readonly who: string; readonly success: number };

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
  const protocols = Object.keys(task.protocols);
  const modes = options.mode ? [options.mode] : reflex ? ['reflex', 'plan', 'auto'] : ['plan'];
  const cells: Cell[] = [];
  const times: string[] = [];
  for (const protocol of protocols) {
    const run = async (policy: string, mode?: string) => {
      const found: Found[] = [];
      for (const seed of seeds) {
        terminal.say(`${protocol}: ${mode ?? policy}, seed ${seed}`);
        const { json } = await evaluate({ ...options, protocol, policy, seed, ...(mode && { mode }) }, terminal);
        found.push(json as Found);
      }
      return found;
    };
    const calm = await run('expert');
    cells.push({ protocol, who: 'random', success: mean(calm.map(({ random }) => random)) });
    cells.push({ protocol, who: 'expert', success: mean(calm.map(({ success }) => success)) });
    for (const mode of modes) {
      const found = await run('plan', mode);
      cells.push({ protocol, who: mode, success: mean(found.map(({ success }) => success)) });
      const slowest = (of: 'p50' | 'p95') => Math.max(...found.map(({ planMs }) => planMs![of])).toFixed(1);
      times.push(`${protocol}, ${mode}: p50 ${slowest('p50')}, p95 ${slowest('p95')} ms`);
    }
  }
  const tries = episodes * seeds.length;
  const lines = [...tableOf(protocols, cells, tries), '', ...times.map((time) => `- ${time}`)];
  if (table !== undefined) writeFileSync(table, `${lines.join('\n')}\n`);
  return { json: { task: task.name, episodes: tries, seeds, variations: options.vary ?? {}, cells }, summary: lines };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Markdown: who by what protocol, percent with Wilson's 95 % interval. */
function tableOf(protocols: readonly string[], cells: readonly Cell[], tries: number): string[] {
  const row = (who: string) =>
    protocols.map((protocol) => {
      const { success } = cells.find((cell) => cell.who === who && cell.protocol === protocol)!;
      const [low, high] = wilson((success / 100) * tries, tries);
      return `${success.toFixed(0)} (${low.toFixed(0)}..${high.toFixed(0)})`;
    });
  const names = [...new Set(cells.map(({ who }) => who))];
  return [
    `| N ${tries} | ${protocols.join(' | ')} |`,
    `|---|${protocols.map(() => '---|').join('')}`,
    ...names.map((who) => `| ${who} | ${row(who).join(' | ')} |`),
  ];
}
