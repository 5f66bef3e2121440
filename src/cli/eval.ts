import { writeFileSync } from 'node:fs';
import { type EpisodeRecord, type Evaluation, evaluateAgent, evaluateExpert, share } from '../../sim/evaluate.ts';
import { wilson } from '../../sim/wilson.ts';
import { openMind } from '../agent/load-mind.ts';
import type { OpenMind } from '../agent/mind-module.ts';
import { jsonLines } from '../data/json-lines.ts';
import { requireTask } from '../data/model-facts.ts';
import type { EvalOptions } from './commands/eval.ts';
import { createShelf, drawHeldOut, type HeldOut } from './held-out.ts';
import { planningOf } from './planning-options.ts';
import type { Outcome, Terminal } from './verb.ts';

export type Given = EvalOptions & { readonly checkpoint: string };

/** Pairs, random policy, agent, summary. */
export async function evaluate(options: Given, terminal: Terminal): Promise<Outcome> {
  const { protocol, seed, policy, checkpoint, task, vary: variations = {} } = options;
  if (policy === 'plan') requireTask(checkpoint, task);
  const mind = policy === 'plan' ? await openToEvaluate(options) : undefined;
  const shelf = createShelf();
  try {
    const heldOut = await drawHeldOut(options, terminal, shelf, mind?.trainedOn);
    const { random } = heldOut;
    const episodes = heldOut.given.pairs.length;
    const facts = { task, protocol, episodes, seed, policy, variations, ...(options.inWords && { inWords: true }) };
    if (mind) {
      const made = await evaluateMind(mind, heldOut, options, terminal);
      return outcome(made, { ...facts, random, checkpoint, engine: mind.engine });
    }
    const records = policy === 'expert' ? await evaluateExpert(heldOut.given, heldOut.task) : undefined;
    const success = records === undefined ? random : share(records);
    if (options.records && records) writeRecords(options.records, records);
    const reaches = `${policy} reaches ${success.toFixed(1)} % of ${episodes} goals`;
    return {
      json: { ...facts, success, random },
      summary: [`${task}, ${protocol}: ${reaches}${records ? `; random ${random.toFixed(1)} %` : ''}`],
    };
  } finally {
    shelf.dispose();
    await mind?.dispose();
  }
}

/** The checkpoint, with the planner that the options ask for. */
export const openToEvaluate = ({ checkpoint, engine, threads, unguarded, ...settings }: Given): Promise<OpenMind> =>
  openMind({
    checkpoint,
    engine,
    threads,
    ...planningOf(unguarded ? { ...settings, keepOut: [], keepIn: 0 } : settings),
  });

/** The agent on every pair, with progress; its records are written where the options say. */
export async function evaluateMind(
  { imagination, planner, warmStart, aim }: OpenMind,
  { given }: HeldOut,
  { protocol, iterations, replan, records }: EvalOptions,
  terminal: Terminal,
): Promise<Evaluation> {
  const bar = terminal.progress(`eval ${protocol}`, 'episodes');
  let good = 0;
  const onEpisode = ({ success }: EpisodeRecord, done: number) => {
    good += success ? 1 : 0;
    bar.update(done, given.pairs.length, `${good} reached`);
  };
  const made = await evaluateAgent({ ...given, onEpisode }, imagination, planner, {
    ...(iterations !== undefined && { iterations }),
    ...(replan !== undefined && { replanMs: replan * given.protocol.world.periodMs }),
    warmStart,
    aim,
  }).finally(() => bar.done());
  if (records) writeRecords(records, made.records);
  return made;
}

type Facts = {
  readonly task: string;
  readonly protocol: string;
  readonly episodes: number;
  readonly seed: number;
  readonly policy: string;
  readonly variations: Readonly<Record<string, unknown>>;
  readonly inWords?: boolean;
  readonly random: number;
  readonly checkpoint: string;
  readonly engine: string;
};

function outcome({ success, planMs, replansPerSecond, records }: Evaluation, facts: Facts): Outcome {
  const { task, protocol, random, engine } = facts;
  const interval = wilson((success / 100) * records.length, records.length);
  const [low, high] = interval.map((share) => share.toFixed(1));
  const entered = records.filter((record) => record.entered).length;
  return {
    json: { ...facts, success, interval, entered, planMs, replansPerSecond },
    summary: [
      `${task}, ${protocol}: ${success.toFixed(1)} % of ${records.length} goals reached (95 %: ${low} to ${high}); random ${random.toFixed(1)} %`,
      `a plan took ${planMs.p50.toFixed(1)} ms (p50), ${planMs.p95.toFixed(1)} (p95), ${planMs.p99.toFixed(1)} (p99); ${replansPerSecond.toFixed(1)} plans/s; ${engine}`,
      ...(entered > 0 ? [`${entered} of ${records.length} episodes entered what they shall keep out of`] : []),
    ],
  };
}

function writeRecords(path: string, records: readonly EpisodeRecord[]): void {
  writeFileSync(path, jsonLines(records), { flush: true });
}
