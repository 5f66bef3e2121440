import type { Dataset } from '../src/data/dataset.ts';
import { PremotorError } from '../src/errors.ts';
import { type Random, seeded } from '../src/random.ts';
import type { Protocol, Task } from './world.ts';

/** Where an evaluation episode starts and what it shall reach: two moments of a recorded episode. */
export type Pair<State> = {
  readonly start: State;
  readonly goal: State;
  readonly episode: number;
  readonly step: number;
};

export type PairOptions = { readonly episodes: number; readonly seed: number };

/**
 * Draws `episodes` different pairs of a protocol from recorded episodes; they depend on the data, the protocol and the
 * seed only. Throws `PremotorError` when the data holds too few.
 */
export function drawPairs<State>(
  dataset: Dataset,
  task: Task<State>,
  protocol: Protocol<State>,
  { episodes: needed, seed }: PairOptions,
): Pair<State>[] {
  if (dataset.meta.stateSize !== task.stateNames.length) {
    throw new PremotorError(
      `the data set must hold states of ${task.name} (${task.stateNames.length} numbers), got ${dataset.meta.stateSize}`,
      { hint: `it was recorded from ${dataset.meta.task}` },
    );
  }
  const random = seeded(seed).fork(`pairs/${protocol.name}`);
  const source = rowsOf(dataset, protocol);
  const rows = protocol.balanced ? balancedRows(source, random) : uniformRows(source, random);
  const pairs: Pair<State>[] = [];
  for (const { episode, step } of rows) {
    if (pairs.length === needed) break;
    const recorded = source.recorded(episode, step);
    if (protocol.balanced || protocol.eligible(recorded)) {
      pairs.push({ start: recorded[0]!, goal: recorded.at(-1)!, episode, step });
    }
  }
  if (pairs.length === needed) return pairs;
  throw new PremotorError(
    `protocol ${protocol.name} needs ${needed} pairs, the data set's ${dataset.episodes} episodes hold ${pairs.length}`,
    { hint: 'collect more held-out episodes, or ask for fewer' },
  );
}

type Row = { readonly episode: number; readonly step: number };

/** The rows that can start a pair: their goal lies in the same episode. */
type Source<State> = {
  readonly episodes: number;
  /** Number of such rows in an episode. */
  count(episode: number): number;
  recorded(episode: number, step: number): State[];
  eligible(episode: number, step: number): boolean;
};

function rowsOf<State>(dataset: Dataset, { world, offset, eligible }: Protocol<State>): Source<State> {
  const recorded = (episode: number, step: number): State[] =>
    Array.from({ length: offset + 1 }, (_, i) => world.decodeState(dataset.state(episode, step + i)));
  return {
    episodes: dataset.episodes,
    count: (episode) => Math.max(0, dataset.length(episode) - offset + 1),
    recorded,
    eligible: (episode, step) => eligible(recorded(episode, step)),
  };
}

/** All rows, in random order, without replacement. */
function* uniformRows<State>(source: Source<State>, random: Random): Generator<Row> {
  const rows: Row[] = [];
  for (let episode = 0; episode < source.episodes; episode++) {
    for (let step = 0; step < source.count(episode); step++) rows.push({ episode, step });
  }
  yield* shuffled(rows, random);
}

/** Eligible rows: one of every episode in random order, then a second one of each, and so on. */
function* balancedRows<State>(source: Source<State>, random: Random): Generator<Row> {
  let left = [...shuffled([...Array(source.episodes).keys()], random)].map((episode) => {
    const steps = Array.from({ length: source.count(episode) }, (_, step) => step);
    return { episode, steps: shuffled(steps, random.fork(episode)) };
  });
  while (left.length > 0) {
    const more: typeof left = [];
    for (const entry of left) {
      for (const step of entry.steps) {
        if (!source.eligible(entry.episode, step)) continue;
        more.push(entry);
        yield { episode: entry.episode, step };
        break;
      }
    }
    left = more;
  }
}

/** Fisher and Yates, drawn one by one; can be read on after a pause. */
function shuffled<T>(values: T[], random: Random): IterableIterator<T> {
  let left = values.length;
  return {
    next: () => {
      if (left === 0) return { done: true, value: undefined };
      const at = random.integer(left--);
      const value = values[at]!;
      values[at] = values[left]!;
      return { done: false, value };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
}
