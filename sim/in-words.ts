import { UsageError } from '../src/errors.ts';
import { holding, spoken, type Words } from '../src/worldmodel/words.ts';
import { tasks } from './tasks.ts';
import type { Protocol, Task } from './world.ts';

/** A protocol whose goals are told in words. */
export type ToldProtocol<State> = Protocol<State> & {
  /** All that holds of a state, as an instruction. */
  ask(goal: State): string;
};

/**
 * The same pairs, but for those that begin as they shall end; what counts is that all that holds of the goal holds of what was reached. Throws
 * `UsageError` for a task without words.
 */
export function inWords<State>(protocol: Protocol<State>, { name, words }: Task<State>): ToldProtocol<State> {
  if (!words) {
    const others = Object.values(tasks).filter((task) => task.words);
    throw new UsageError(`${name} has no words`, { hint: `these have: ${others.map((task) => task.name).join(', ')}` });
  }
  const told = (state: State) => words(protocol.world, state);
  return {
    ...protocol,
    eligible: (recorded) => protocol.eligible(recorded) && !isAs(told(recorded.at(-1)!), told(recorded[0]!)),
    success: (visited, goal) => isAs(told(goal), told(visited.at(-1)!)),
    ask: (goal) => spoken(holding(told(goal))),
  };
}

/** Does all that holds there hold here? */
const isAs = (there: Words, here: Words): boolean => holding(there).every(({ thing, holds }) => here[thing]![holds]);
