/**
 * What can be said of a moment: things, and what holds of each, `{ block: { 'on the left': true } }`. Always the same things and sayings of a world,
 * so that what is false is said too.
 */
export type Words = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/** Something that can be said: `block on the left`. */
export type Saying = { readonly thing: string; readonly holds: string };

/** What can be said, in its order. */
export const sayingsOf = (words: Words): Saying[] =>
  Object.entries(words).flatMap(([thing, all]) => Object.keys(all).map((holds) => ({ thing, holds })));

/** Which of them hold, in the same order. */
export const truthOf = (words: Words): boolean[] => Object.values(words).flatMap((all) => Object.values(all));

/** All that holds. */
export function holding(words: Words): Saying[] {
  const truth = truthOf(words);
  return sayingsOf(words).filter((_, at) => truth[at]);
}

/** One after the other: `the block is on the left, at the top and upright; the agent is above`. */
export function spoken(sayings: readonly Saying[]): string {
  const things = new Map<string, string[]>();
  for (const { thing, holds } of sayings) things.set(thing, [...(things.get(thing) ?? []), holds]);
  const listed = (all: readonly string[]) => [all.slice(0, -1).join(', '), all.at(-1)].filter(Boolean).join(' and ');
  return [...things].map(([thing, all]) => `the ${thing} is ${listed(all)}`).join('; ');
}
