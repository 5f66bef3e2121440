import type { Imagination } from '../planner/imagination.ts';
import type { Thought } from './deliberate.ts';

/** Imagined ways through the picture: each `[x0, y0, x1, y1, ...]` in `[0, 1]`, the present place first. */
export type Paths = {
  readonly candidates: readonly (readonly number[])[];
  readonly elites: readonly (readonly number[])[];
  readonly best: readonly number[];
};

/** Where a thought's candidates, its cheapest ones and its plan lead; nothing where the model cannot tell places. */
export async function sketch(
  imagination: Imagination,
  { plan, context, scored }: Thought,
  { candidates = 14, elites = 6 } = {},
): Promise<Paths | undefined> {
  const { locate } = imagination;
  if (locate === undefined || scored === undefined) return undefined;
  const size = plan.mean.length;
  const ranked = [...scored.costs.keys()].sort((a, b) => scored.costs[a]! - scored.costs[b]!);
  const rest = ranked.slice(elites);
  const some = rest.filter((_, i) => i % Math.ceil(rest.length / candidates) === 0);
  const chosen = [...some, ...ranked.slice(0, elites)];
  const futures = new Float32Array((chosen.length + 1) * size);
  for (const [at, i] of chosen.entries()) futures.set(scored.candidates.subarray(i * size, (i + 1) * size), at * size);
  futures.set(plan.mean, chosen.length * size);

  const here = context.latents[context.latents.length - 1]!;
  const imagined = await imagination.imagine(context, futures);
  const { horizon } = imagination.shape;
  const place = (at: number, h: number) => {
    const from = (at * horizon + h) * here.length;
    return locate(imagined.subarray(from, from + here.length));
  };
  const path = (at: number) => [...locate(here), ...Array.from({ length: horizon }, (_, h) => place(at, h)).flat()];
  const paths = Array.from({ length: chosen.length + 1 }, (_, at) => path(at));
  return { candidates: paths.slice(0, some.length), elites: paths.slice(some.length, -1), best: paths.at(-1)! };
}
