import { EMPTY, from, type OperatorFunction } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Context } from '../perception/context.ts';
import type { Imagination } from '../planner/imagination.ts';
import { exhaustLatest } from './exhaust-latest.ts';

/** How far what came is from what the model expected, in the units of the cost. */
export type Surprise = { readonly timeMs: number; readonly distance: number };

/** How far the newest latent of a context is from the one predicted from the rest of it and the block really done. */
export async function surpriseAt(imagination: Imagination, { timeMs, latents, blocks }: Context): Promise<number> {
  const before = { timeMs, latents: latents.slice(0, -1), blocks: blocks.slice(0, -1) };
  return imagination.distance(await imagination.expect(before, blocks.at(-1)!), latents.at(-1)!);
}

/**
 * Contexts in; out how surprising the newest latent is. Contexts too short to foretell their newest latent expect nothing and are passed over.
 */
export function surprise(imagination: Imagination, clock: Clock): OperatorFunction<Context, Surprise> {
  const measure = async (context: Context): Promise<Surprise> => ({
    timeMs: context.timeMs,
    distance: await clock.track(surpriseAt(imagination, context)),
  });

  return exhaustLatest((context) =>
    context.latents.length <= imagination.contextLength ? EMPTY : from(measure(context)),
  );
}
