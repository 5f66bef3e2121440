import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../../sim/collect.ts';
import { type EvaluateOptions, evaluateRandom, isWithin, share } from '../../sim/evaluate.ts';
import { inWords } from '../../sim/in-words.ts';
import { drawPairs } from '../../sim/pairs.ts';
import { findTask } from '../../sim/tasks.ts';
import { vary } from '../../sim/vary.ts';
import type { Protocol, Task } from '../../sim/world.ts';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/reader.ts';
import { UsageError } from '../errors.ts';
import type { EvalOptions } from './commands/eval.ts';
import type { Terminal } from './verb.ts';

/** Seeds from here on are kept for evaluation. */
const HELD_OUT_SEED = 1_000_000;
/** Starts and goals are at least so far from what shall be kept out of, sides of the picture. */
const BESIDE = 0.05;
/** Expert episodes recorded for pairs: enough that no two pairs need to share one. */
const HELD_OUT_PER_PAIR = 10;

/** A task as varied, pairs of it that no model was trained on, and how many of them chance reaches, percent. */
export type HeldOut = {
  readonly task: Task;
  readonly given: EvaluateOptions<unknown>;
  readonly random: number;
};

/** Episodes recorded for evaluation: the same ones are recorded once, and thrown away at the end. */
export type Shelf = {
  /** Folder of what `record` writes into it, or wrote when `what` was asked for before. */
  of(what: string, record: (dir: string) => Promise<void>): Promise<string>;
  dispose(): void;
};

export function createShelf(): Shelf {
  const root = mkdtempSync(join(tmpdir(), 'premotor-eval-'));
  const dirs = new Map<string, string>();
  return {
    async of(what, record) {
      const dir = dirs.get(what) ?? join(root, `${dirs.size}`);
      if (!dirs.has(what)) await record(dir);
      dirs.set(what, dir);
      return dir;
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Draws the pairs that the options ask for; those of a data set in `trainedOn` are refused. */
export async function drawHeldOut(
  options: EvalOptions,
  terminal: Terminal,
  shelf: Shelf,
  trainedOn: readonly string[] = [],
): Promise<HeldOut> {
  const { protocol: name, seed, episodes, keepOut = [] } = options;
  const { signal } = terminal;
  const task = vary(findTask(options.task), options.vary ?? {});
  await task.prepare?.();
  const told = options.inWords ? inWords(task.protocols[name]!, task) : undefined;
  const protocol = told ?? task.protocols[name]!;
  const dataset = await openHeldOut(task, protocol, options, terminal, shelf);
  try {
    const drawn = drawPairs(unseen(dataset, trainedOn), task, protocol, { episodes, seed });
    const clear = (state: unknown) => !isWithin(keepOut, protocol.world.locate(state), BESIDE);
    const pairs = drawn.filter(({ start, goal }) => clear(start) && clear(goal));
    if (pairs.length < drawn.length)
      terminal.say(`${drawn.length - pairs.length} pairs begin or end in what shall be kept out of, and are left out`);
    const given = { protocol, pairs, seed, now: () => performance.now(), signal, keepOut, ask: told?.ask };
    return { task, given, random: share(await evaluateRandom(given)) };
  } finally {
    dataset.close();
  }
}

/** The data set given, or episodes recorded for this evaluation. */
async function openHeldOut(
  { name, evaluation }: Task,
  { recorded = evaluation }: Protocol<unknown>,
  { data, episodes, seed, vary: given = {} }: EvalOptions,
  terminal: Terminal,
  shelf: Shelf,
): Promise<Dataset> {
  if (data !== undefined) {
    const dataset = await openDataset(data);
    if (dataset.meta.task === name) return dataset;
    dataset.close();
    throw new UsageError(`the data set in ${data} must be of ${name}, got ${dataset.meta.task}`);
  }
  const { signal } = terminal;
  const recipe = {
    policy: recorded.policy,
    variations: { ...recorded.variations, ...given },
    size: 16,
    frameEvery: 25,
    episodes: Math.max(200, HELD_OUT_PER_PAIR * episodes),
    seed: HELD_OUT_SEED + seed,
  };
  const dir = await shelf.of(JSON.stringify(recipe), async (dir) => {
    const bar = terminal.progress('record held-out episodes', 'episodes');
    const onProgress = ({ done, total }: { done: number; total: number }) => bar.update(done, total);
    await collect({ ...recipe, task: findTask(name), dir, signal, onProgress }).finally(() => bar.done());
    signal.throwIfAborted();
  });
  return openDataset(dir, { verify: false });
}

/** Refuses episodes that the model was trained on. */
function unseen(dataset: Dataset, trainedOn: readonly string[]): Dataset {
  if (!trainedOn.includes(dataset.hash)) return dataset;
  throw new UsageError('goals must come from episodes never trained on, got the data set this model was trained on', {
    hint: 'leave --data away, or collect with another seed',
  });
}
