import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Saying } from './words.ts';

/** Words that say nothing of how a thing shall stand. */
const SMALL = new Set(
  'a an at be bring drive get go i in into is it its lies make me move now of on onto please push put reach shall should stand take the there to turn turned until want with you'.split(
    ' ',
  ),
);

/**
 * The sayings that an instruction asks for, as places in `known`. It is read clause by clause (commas, `and`): the thing that is meant, or else the
 * one before, and what shall hold of it: the sayings all of whose words are there, or one that no other has. This is no model of language: what is not
 * known is not guessed at. Throws `UsageError`, which says what can be said.
 */
export function understood(instruction: string, known: readonly Saying[]): number[] {
  const things = [...new Set(known.map(({ thing }) => thing))];
  const asked = new Set<number>();
  let thing = things.length === 1 ? things[0] : undefined;
  const refuse = (what: string, hint = sayable(known)) => new UsageError(`${what} in "${instruction}"`, { hint });
  for (const clause of instruction.toLowerCase().split(/[,;.]|\band\b/)) {
    const words = wordsIn(clause);
    const named = words.findIndex((word) => things.includes(word));
    thing = words[named] ?? thing;
    const rest = words.filter((_, i) => i !== named);
    if (rest.length === 0) continue;
    const theirs = known.flatMap(({ holds, ...saying }, at) =>
      thing === undefined || saying.thing === thing ? [{ at, thing: saying.thing, words: wordsIn(holds) }] : [],
    );
    const has = (word: string) => theirs.filter(({ words }) => words.includes(word)).length;
    const unknown = rest.find((word) => has(word) === 0);
    if (unknown !== undefined) {
      const meant = nearest(unknown, [...theirs.flatMap(({ words }) => words), ...things]);
      throw refuse(`"${unknown}" is not understood`, `${meant ? `did you mean ${meant}? ` : ''}${sayable(known)}`);
    }
    const fit = theirs.filter(
      ({ words }) =>
        words.every((word) => rest.includes(word)) || words.some((word) => rest.includes(word) && has(word) === 1),
    );
    const meant = fit.filter((one) => !fit.some((other) => other !== one && isPart(one.words, other.words)));
    const explained = meant.flatMap(({ words }) => words);
    const open = rest.find((word) => !explained.includes(word));
    if (open !== undefined) throw refuse(`"${open}" can mean several things`);
    const theirThings = new Set(meant.map(({ thing }) => thing));
    if (theirThings.size > 1) throw refuse(`"${clause.trim()}" can be said of ${[...theirThings].join(' and of ')}`);
    for (const { at } of meant) asked.add(at);
  }
  if (asked.size === 0) throw refuse('nothing is asked for');
  return [...asked].sort((a, b) => a - b);
}

const wordsIn = (text: string): string[] => (text.match(/[\p{L}\p{N}-]+/gu) ?? []).filter((word) => !SMALL.has(word));
const isPart = (some: readonly string[], all: readonly string[]): boolean =>
  some.length < all.length && some.every((word) => all.includes(word));

/** What can be said, for people. */
export function sayable(known: readonly Saying[]): string {
  const things = [...new Set(known.map(({ thing }) => thing))];
  const of = (thing: string) => known.flatMap((one) => (one.thing === thing ? [one.holds] : [])).join(', ');
  return `it can be said of the ${things.map((thing) => `${thing}: ${of(thing)}`).join('; of the ')}`;
}
