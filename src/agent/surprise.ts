import { EMPTY, from, type OperatorFunction } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Context } from '../perception/context.ts';
import type { Imagination } from '../planner/imagination.ts';
import { exhaustLatest } from './exhaust-latest.ts';

/** How far what came is from what the model expected, in the units of the cost. */
export type Surprise = { readonly timeMs: number; readonly distance: number };

/**
 * Contexts in; out how surprising the newest latent is: its distance from the one predicted from the rest of the context and
 * the block really done. Contexts too short to foretell their newest latent expect nothing and are passed over.
 */
export function surprise(imagination: Imagination, clock: Clock): OperatorFunction<Context, Surprise> {
  const measure = async ({ timeMs, latents, blocks }: Context): Promise<Surprise> => {
    const before = { timeMs, latents: latents.slice(0, -1), blocks: blocks.slice(0, -1) };
    const expected = await clock.track(imagination.expect(before, blocks.at(-1)!));
    return { timeMs, distance: imagination.distance(expected, latents.at(-1)!) };
  };

  return exhaustLatest((context) =>
    context.latents.length <= imagination.contextLength ? EMPTY : from(measure(context)),
  );
}
