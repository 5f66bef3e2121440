import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../../sim/collect.ts';
import {
  type EpisodeRecord,
  type Evaluation,
  evaluateAgent,
  evaluateExpert,
  evaluateRandom,
  isWithin,
  share,
} from '../../sim/evaluate.ts';
import { inWords } from '../../sim/in-words.ts';
import { drawPairs } from '../../sim/pairs.ts';
import { findTask } from '../../sim/tasks.ts';
import { vary } from '../../sim/vary.ts';
import { wilson } from '../../sim/wilson.ts';
import type { Protocol, Task } from '../../sim/world.ts';
import { openMind } from '../agent/load-mind.ts';
import type { Dataset } from '../data/dataset.ts';
import { requireTask } from '../data/model-facts.ts';
import { openDataset } from '../data/reader.ts';
import { UsageError } from '../errors.ts';
import type { EvalOptions } from './commands/eval.ts';
import { planningOf } from './planning-options.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Seeds from here on are kept for evaluation. */
const HELD_OUT_SEED = 1_000_000;
/** Starts and goals are at least so far from what shall be kept out of, sides of the picture. */
const BESIDE = 0.05;
/** Expert episodes recorded for pairs: enough that no two pairs need to share one. */
const HELD_OUT_PER_PAIR = 10;

/** Pairs, random policy, agent, summary. */
export async function evaluate(
  options: EvalOptions & { readonly checkpoint: string },
  terminal: Terminal,
): Promise<Outcome> {
  const { protocol: name, seed, policy, checkpoint } = options;
  const { signal } = terminal;
  const { vary: given = {} } = options;
  const task = vary(findTask(options.task), given);
  await task.prepare?.();
  const told = options.inWords ? inWords(task.protocols[name]!, task) : undefined;
  const protocol = told ?? task.protocols[name]!;
  if (policy === 'plan') requireTask(checkpoint, task.name);
  const mind = policy === 'plan' ? await openMind(mindOptions(options)) : undefined;
  try {
    const recorded = protocol.recorded ?? task.evaluation;
    const drawn = await withHeldOut(task, recorded, options, terminal, (dataset) =>
      drawPairs(heldOut(dataset, mind?.trainedOn), task, protocol, { episodes: options.episodes, seed }),
    );
    const { keepOut = [] } = options;
    const clear = (state: never) => !isWithin(keepOut, protocol.world.locate(state), BESIDE);
    const pairs = drawn.filter(({ start, goal }) => clear(start as never) && clear(goal as never));
    const episodes = pairs.length;
    if (episodes < drawn.length)
      terminal.say(`${drawn.length - episodes} pairs begin or end in what shall be kept out of, and are left out`);
    const common = { protocol, pairs, seed, now: () => performance.now(), signal, keepOut, ask: told?.ask };
    const random = share(await evaluateRandom(common));
    if (mind === undefined) {
      const records = policy === 'expert' ? await evaluateExpert(common, task) : undefined;
      const success = records === undefined ? random : share(records);
      if (options.records && records) writeRecords(options.records, records);
      const json = { task: task.name, protocol: name, episodes, seed, policy, variations: given, success, random };
      const reaches = `${policy} reaches ${success.toFixed(1)} % of ${episodes} goals`;
      return {
        json,
        summary: [`${task.name}, ${name}: ${reaches}${records ? `; random ${random.toFixed(1)} %` : ''}`],
      };
    }

    const bar = terminal.progress(`eval ${name}`, 'episodes');
    let good = 0;
    const onEpisode = ({ success }: EpisodeRecord, done: number) => {
      good += success ? 1 : 0;
      bar.update(done, episodes, `${good} reached`);
    };
    const think = options.iterations === undefined ? {} : { iterations: options.iterations };
    const replan = options.replan === undefined ? {} : { replanMs: options.replan * protocol.world.periodMs };
    const made = await evaluateAgent({ ...common, onEpisode }, mind.imagination, mind.planner, {
      ...think,
      ...replan,
      warmStart: mind.warmStart,
      suffices: mind.suffices,
      aim: mind.aim,
    }).finally(() => bar.done());
    if (options.records) writeRecords(options.records, made.records);
    return outcome(made, {
      task: task.name,
      protocol: name,
      episodes,
      seed,
      policy,
      variations: given,
      ...(told && { inWords: true }),
      random,
      checkpoint,
      engine: mind.engine,
    });
  } finally {
    await mind?.dispose();
  }
}

type Facts = {
  readonly task: string;
  readonly protocol: Protocol<unknown>['name'];
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

const mindOptions = ({
  checkpoint,
  engine,
  threads,
  unguarded,
  ...settings
}: EvalOptions & { checkpoint: string }) => ({
  checkpoint,
  engine,
  threads,
  ...planningOf(unguarded ? { ...settings, keepOut: [], keepIn: 0 } : settings),
});

/** The data set given, or expert episodes recorded for this evaluation and thrown away after it. */
async function withHeldOut<T>(
  task: Task,
  recorded: Task['evaluation'],
  { data, episodes, seed, vary: given = {} }: EvalOptions,
  terminal: Terminal,
  use: (dataset: Dataset) => T,
): Promise<T> {
  if (data !== undefined) {
    const dataset = await openDataset(data);
    if (dataset.meta.task !== task.name) {
      dataset.close();
      throw new UsageError(`the data set in ${data} must be of ${task.name}, got ${dataset.meta.task}`);
    }
    return finishing(dataset, use);
  }
  const dir = mkdtempSync(join(tmpdir(), 'premotor-eval-'));
  const bar = terminal.progress('record held-out episodes', 'episodes');
  const onProgress = ({ done, total }: { done: number; total: number }) => bar.update(done, total);
  try {
    const variations = { ...recorded.variations, ...given };
    const recipe = {
      task: findTask(task.name),
      dir,
      policy: recorded.policy,
      variations,
      size: 16,
      frameEvery: 25,
      signal: terminal.signal,
      onProgress,
    };
    await collect({ ...recipe, episodes: Math.max(200, HELD_OUT_PER_PAIR * episodes), seed: HELD_OUT_SEED + seed });
    bar.done();
    terminal.signal.throwIfAborted();
    return finishing(await openDataset(dir, { verify: false }), use);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Refuses episodes that the model was trained on. */
function heldOut(dataset: Dataset, trainedOn: readonly string[] = []): Dataset {
  if (!trainedOn.includes(dataset.hash)) return dataset;
  throw new UsageError('goals must come from episodes never trained on, got the data set this model was trained on', {
    hint: 'leave --data away, or collect with another seed',
  });
}

function finishing<T>(dataset: Dataset, use: (dataset: Dataset) => T): T {
  try {
    return use(dataset);
  } finally {
    dataset.close();
  }
}

function writeRecords(path: string, records: readonly EpisodeRecord[]): void {
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''), { flush: true });
}
