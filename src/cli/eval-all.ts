import { writeFileSync } from 'node:fs';
import { evaluateExpert, share } from '../../sim/evaluate.ts';
import { findTask } from '../../sim/tasks.ts';
import type { Timing } from '../../sim/timing.ts';
import { factorsOf, RANDOM } from '../../sim/vary.ts';
import { wilson } from '../../sim/wilson.ts';
import type { Task } from '../../sim/world.ts';
import { requireTask } from '../data/model-facts.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import { learntFrom } from '../worldmodel/model.ts';
import type { EvalOptions } from './commands/eval.ts';
import { evaluateMind, type Given, openToEvaluate } from './eval.ts';
import { drawHeldOut, type HeldOut } from './held-out.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Pairs of one column and seed: the same ones for everybody. */
type Trial = { readonly column: string; readonly asked: Given; readonly heldOut: HeldOut };
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
export async function evaluateAll(options: Given & { readonly table?: string }, terminal: Terminal): Promise<Outcome> {
  const { checkpoint, episodes, seeds = [options.seed], table } = options;
  const task = findTask(options.task);
  requireTask(checkpoint, task.name);
  const { config } = loadCheckpoint(checkpoint);
  const columns = columnsOf(task, options);
  const modes = options.mode
    ? [options.mode]
    : config.reflex
      ? (['reflex', 'plan', 'auto'] as const)
      : (['plan'] as const);
  const cells: Cell[] = [];
  const times: string[] = [];

  const trials: Trial[] = [];
  for (const { label: column, protocol, vary } of columns) {
    for (const seed of seeds) {
      terminal.say(`${column}: pairs, seed ${seed}`);
      const asked = { ...options, protocol, seed, ...(vary && { vary }) };
      trials.push({ column, asked, heldOut: await drawHeldOut(asked, terminal, learntFrom(config)) });
    }
  }
  const tell = async (who: string, reached: (trial: Trial) => number | Promise<number>) => {
    for (const { label: column } of columns) {
      const found: number[] = [];
      for (const trial of trials.filter((one) => one.column === column)) found.push(await reached(trial));
      cells.push({ column, who, success: mean(found) });
    }
  };
  await tell('random', ({ heldOut }) => heldOut.random);
  await tell('expert', async ({ heldOut }) => share(await evaluateExpert(heldOut.given, heldOut.task)));
  for (const mode of modes) {
    const mind = await openToEvaluate({ ...options, mode });
    const slowest = new Map<string, Timing>();
    try {
      await tell(mode, async ({ column, asked, heldOut }) => {
        terminal.say(`${column}: ${mode}, seed ${asked.seed}`);
        const { success, planMs } = await evaluateMind(mind, heldOut, asked, terminal);
        const { p50, p95 } = slowest.get(column) ?? planMs;
        slowest.set(column, { ...planMs, p50: Math.max(p50, planMs.p50), p95: Math.max(p95, planMs.p95) });
        return success;
      });
    } finally {
      await mind.dispose();
    }
    for (const [column, { p50, p95 }] of slowest)
      times.push(`${column}, ${mode}: p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)} ms`);
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
