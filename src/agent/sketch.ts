import type { Frame } from '../drivers/driver.ts';
import { type Imagination, momentsIn } from '../planner/imagination.ts';
import type { Thought } from './deliberate.ts';

/** Imagined ways through the picture: each `[x0, y0, x1, y1, ...]` in `[0, 1]`, the present place first. */
export type Paths = {
  readonly candidates: readonly (readonly number[])[];
  readonly elites: readonly (readonly number[])[];
  readonly best: readonly number[];
};

/** What a thought imagined, for people to look at. */
export type Sketch = {
  /** Nothing where the model cannot tell places. */
  readonly paths: Paths | undefined;
  /** How far from the goal the plan is imagined to be after each block, in latent distance. */
  readonly ahead: readonly number[];
  /** What is remembered that is most like the imagined end. */
  readonly end: Frame | undefined;
  /** What is seen, and the imagined end, in words; where the model has any. */
  readonly said?: { readonly seen: string; readonly end: string } | undefined;
};

/** Where a thought's candidates, its cheapest ones and its plan lead. */
export async function sketch(
  imagination: Imagination,
  { plan, context, goal, scored }: Thought,
  { candidates = 14, elites = 6 } = {},
): Promise<Sketch> {
  const { locate, say, shape } = imagination;
  const size = plan.mean.length;
  const drawn = locate ? scored : undefined;
  const ranked = [...(drawn?.costs.keys() ?? [])].sort((a, b) => drawn!.costs[a]! - drawn!.costs[b]!);
  const rest = ranked.slice(elites);
  const some = rest.filter((_, i) => i % Math.ceil(rest.length / candidates) === 0);
  const chosen = [...some, ...ranked.slice(0, elites)];
  const futures = new Float32Array((chosen.length + 1) * size);
  for (const [at, i] of chosen.entries()) futures.set(drawn!.candidates.subarray(i * size, (i + 1) * size), at * size);
  futures.set(plan.mean, chosen.length * size);

  const here = context.latents[context.latents.length - 1]!;
  const imagined = momentsIn(await imagination.imagine(context, futures), here.length);
  const moments = (at: number) => imagined.slice(at * shape.horizon, (at + 1) * shape.horizon);
  const best = moments(chosen.length);
  const said = await say?.([here, best.at(-1)!]);
  const path = (at: number) => [here, ...moments(at)].flatMap((latent) => [...locate!(latent)]);
  const all = locate ? Array.from({ length: chosen.length + 1 }, (_, at) => path(at)) : undefined;
  return {
    paths: all && { candidates: all.slice(0, some.length), elites: all.slice(some.length, -1), best: all.at(-1)! },
    ahead: best.map((latent) => imagination.distance(latent, goal)),
    end: imagination.recall?.(best.at(-1)!),
    ...(said && { said: { seen: said[0]!, end: said[1]! } }),
  };
}
