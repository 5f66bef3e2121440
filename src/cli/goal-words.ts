import type { Asked } from '../agent/wire.ts';
import { NoWords, PremotorError } from '../errors.ts';
import { understood } from '../worldmodel/instruction.ts';
import type { Saying } from '../worldmodel/words.ts';

/** An instruction that a model with these sayings understands. Throws `UsageError` for any other. */
export function requireWords(words: string, sayings: readonly Saying[] | undefined): string {
  if (!sayings) throw new NoWords();
  understood(words, sayings);
  return words;
}

/** In one line, what an instruction was taken for. */
export const taken = ({ words, sure }: Pick<Asked, 'words' | 'sure'>): string =>
  `wanted: ${words} (a remembered moment, ${(100 * sure).toFixed(0)} % sure)`;

/** In one line, why it was not understood. */
export function refusal(error: unknown): string {
  if (!(error instanceof PremotorError)) throw error;
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}
