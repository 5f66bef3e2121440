import { evaluateExpert, share } from '../../sim/evaluate.ts';
import { findTask } from '../../sim/tasks.ts';
import { factorsOf, RANDOM } from '../../sim/vary.ts';
import { wilson } from '../../sim/wilson.ts';
import type { Task } from '../../sim/world.ts';
import { replaceFile } from '../data/atomic.ts';
import { requireTask } from '../data/model-facts.ts';
import { UsageError } from '../errors.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import { learntFrom } from '../worldmodel/model.ts';
import type { EvalOptions } from './commands/eval.ts';
import { evaluateMind, type Given, openToEvaluate } from './eval.ts';
import { createShelf, drawHeldOut, type HeldOut } from './held-out.ts';
import { openNotebook } from './notebook.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Percent reached, and how long the plans took where any were made: of several seeds the slowest. */
type Found = { readonly success: number; readonly planMs?: { readonly p50: number; readonly p95: number } };
type Cell = Found & { readonly column: string; readonly who: string };

/** Pairs of one column and seed. */
type Trial = { readonly column: string; readonly asked: EvalOptions };

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
 * what all seeds together gave. What is found is kept beside the table until all of it is: the same command again goes on.
 */
export async function evaluateAll(options: Given, terminal: Terminal): Promise<Outcome> {
  const { table, seeds = [options.seed], all: _, varied: __, mode, checkpoint, ...same } = options;
  const { episodes } = options;
  if (options.records !== undefined)
    throw new UsageError('--records are of one evaluation, got --all', { hint: 'leave --all away, or --records' });
  const task = findTask(options.task);
  requireTask(checkpoint, task.name);
  const { config, hash } = loadCheckpoint(checkpoint);
  const columns = columnsOf(task, options);
  const modes = mode ? [mode] : config.reflex ? ['reflex', 'plan', 'auto'] : ['plan'];
  const shelf = createShelf();
  const notebook = openNotebook<Found>(table === undefined ? undefined : `${table}.part`);
  if (notebook.before > 0) terminal.say(`goes on: ${notebook.before} evaluations are kept in ${table}.part`);
  const trials: Trial[] = columns.flatMap(({ label: column, protocol, vary }) =>
    seeds.map((seed) => ({ column, asked: { ...same, protocol, seed, ...(vary && { vary }) } })),
  );
  /** Pairs are drawn when they are asked for, and the same ones for everybody. */
  const drawn = new Map<Trial, Promise<HeldOut>>();
  const pairsOf = (trial: Trial) => {
    const pairs = drawn.get(trial) ?? drawHeldOut(trial.asked, terminal, shelf, learntFrom(config));
    drawn.set(trial, pairs);
    return pairs;
  };
  const cells: Cell[] = [];
  let at = 0;
  const tell = async (who: string, judge: (heldOut: HeldOut, asked: EvalOptions) => Promise<Found>) => {
    for (const { label: column } of columns) {
      const found: Found[] = [];
      for (const trial of trials.filter((one) => one.column === column)) {
        const { asked } = trial;
        at += 1;
        const find = async () => {
          terminal.say(`${column}, seed ${asked.seed}: ${who} (${at} of ${trials.length * (2 + modes.length)})`);
          return judge(await pairsOf(trial), asked);
        };
        found.push(await notebook.of({ who, hash, planning: config.planning, ...asked }, find));
      }
      const times = found.flatMap(({ planMs }) => planMs ?? []);
      const slowest = (of: 'p50' | 'p95') => Math.max(...times.map((time) => time[of]));
      cells.push({
        ...{ column, who, success: mean(found.map(({ success }) => success)) },
        ...(times.length > 0 && { planMs: { p50: slowest('p50'), p95: slowest('p95') } }),
      });
    }
  };
  try {
    await tell('random', async ({ random }) => ({ success: random }));
    await tell('expert', async ({ given, task }) => ({ success: share(await evaluateExpert(given, task)) }));
    for (const mode of modes) {
      const mind = await openToEvaluate({ ...options, mode });
      await tell(mode, async (heldOut, asked) => {
        const { success, planMs } = await evaluateMind(mind, heldOut, asked, terminal);
        return { success, planMs };
      }).finally(() => mind.dispose());
    }
  } finally {
    shelf.dispose();
  }
  const tries = episodes * seeds.length;
  const lines = [
    ...tableOf(
      columns.map(({ label }) => label),
      cells,
      tries,
    ),
    '',
    ...cells.flatMap(({ column, who, planMs }) =>
      planMs ? `- ${column}, ${who}: p50 ${planMs.p50.toFixed(1)}, p95 ${planMs.p95.toFixed(1)} ms` : [],
    ),
  ];
  if (table !== undefined) replaceFile(table, `${lines.join('\n')}\n`);
  notebook.close();
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
