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

/** Every protocol of a task by chance, by the expert, by the reflex where the checkpoint has one, by search, and by both: a table. */
export async function evaluateAll(
  options: EvalOptions & { readonly checkpoint: string; readonly table?: string },
  terminal: Terminal,
): Promise<Outcome> {
  const { episodes, seed, table } = options;
  const task = findTask(options.task);
  const { reflex } = loadCheckpoint(options.checkpoint).config;
  const protocols = Object.keys(task.protocols);
  const cells: Cell[] = [];
  const times: string[] = [];
  for (const protocol of protocols) {
    const run = async (policy: string, mode?: string) => {
      terminal.say(`${protocol}: ${mode ?? policy}`);
      const { json } = await evaluate({ ...options, protocol, policy, ...(mode && { mode }) }, terminal);
      return json as Found;
    };
    const { success, random } = await run('expert');
    cells.push({ protocol, who: 'random', success: random }, { protocol, who: 'expert', success });
    for (const mode of reflex ? ['reflex', 'plan', 'auto'] : ['plan']) {
      const found = await run('plan', mode);
      cells.push({ protocol, who: mode, success: found.success });
      times.push(`${protocol}, ${mode}: p50 ${found.planMs!.p50.toFixed(1)}, p95 ${found.planMs!.p95.toFixed(1)} ms`);
    }
  }
  const lines = [...tableOf(protocols, cells, episodes), '', ...times.map((time) => `- ${time}`)];
  if (table !== undefined) writeFileSync(table, `${lines.join('\n')}\n`);
  return { json: { task: task.name, episodes, seed, variations: options.vary ?? {}, cells }, summary: lines };
}

/** Markdown: who by what protocol, percent with Wilson's 95 % interval. */
function tableOf(protocols: readonly string[], cells: readonly Cell[], episodes: number): string[] {
  const row = (who: string) =>
    protocols.map((protocol) => {
      const { success } = cells.find((cell) => cell.who === who && cell.protocol === protocol)!;
      const [low, high] = wilson((success / 100) * episodes, episodes);
      return `${success.toFixed(0)} (${low.toFixed(0)}..${high.toFixed(0)})`;
    });
  const names = [...new Set(cells.map(({ who }) => who))];
  return [
    `| N ${episodes} | ${protocols.join(' | ')} |`,
    `|---|${protocols.map(() => '---|').join('')}`,
    ...names.map((who) => `| ${who} | ${row(who).join(' | ')} |`),
  ];
}
