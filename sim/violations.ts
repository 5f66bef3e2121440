import { surpriseAt } from '../src/agent/surprise.ts';
import type { Imagination } from '../src/planner/imagination.ts';
import { type Random, seeded } from '../src/random.ts';
import type { Policy, Task, World } from './world.ts';

/** What happens in the middle of an episode: nothing, a thing is suddenly elsewhere, everything has other colours. */
export const VIOLATIONS = ['nothing', 'teleport', 'recolour'] as const;
export type Violation = (typeof VIOLATIONS)[number];

export type ViolationOptions = { readonly episodes: number; readonly seed: number; readonly signal?: AbortSignal };

export type ViolationResult = {
  readonly episodes: number;
  /** How well the most surprise within three frames tells it from nothing: area under the curve, 0.5 by chance. */
  readonly auroc: Readonly<Record<'teleport' | 'recolour', number>>;
  /** Above this the checkpoint calls it a surprise, if it was calibrated. */
  readonly threshold: number | undefined;
  /** Percent that are called so within three frames; of `nothing`, percent of whole episodes with a false alarm. */
  readonly alarmed: Readonly<Record<Violation, number>> | undefined;
};

/** Frames after the violation in which it must be noticed. */
const WITHIN = 3;
/** Blocks in an episode, and before the violation at least. */
const [BLOCKS, BEFORE] = [16, 6];

/**
 * The violation-of-expectation test: the same episodes as they were, with a thing teleported, and recoloured, and how surprised a model is
 * (arXiv 2603.19312). `onEpisode` is told how many are done.
 */
export async function violations<State>(
  task: Task<State>,
  imagination: Imagination,
  { episodes, seed, signal }: ViolationOptions,
  onEpisode: (done: number) => void = () => {},
): Promise<ViolationResult> {
  const found: Record<Violation, { within: number; ever: number }[]> = { nothing: [], teleport: [], recolour: [] };
  for (let episode = 0; episode < episodes; episode++) {
    signal?.throwIfAborted();
    const random = seeded(seed).fork(`violation ${episode}`);
    const at = BEFORE + random.integer(BLOCKS - BEFORE - WITHIN);
    for (const what of VIOLATIONS) {
      const surprises = await watch(task, imagination, seeded(seed).fork(`violation ${episode}`), what, at);
      found[what].push({ within: Math.max(...surprises.slice(at, at + WITHIN)), ever: Math.max(...surprises) });
    }
    onEpisode(episode + 1);
  }
  const within = (what: Violation) => found[what].map((each) => each.within);
  const threshold = imagination.nominalSurprise;
  const share = (values: readonly number[]) => (100 * values.filter((value) => value > threshold!).length) / episodes;
  return {
    episodes,
    auroc: {
      teleport: auroc(within('teleport'), within('nothing')),
      recolour: auroc(within('recolour'), within('nothing')),
    },
    threshold,
    alarmed:
      threshold === undefined
        ? undefined
        : {
            nothing: share(found.nothing.map(({ ever }) => ever)),
            teleport: share(within('teleport')),
            recolour: share(within('recolour')),
          },
  };
}

/** Surprise at every block boundary of one episode; `what` happens at the one numbered `at`. */
async function watch<State>(
  task: Task<State>,
  imagination: Imagination,
  random: Random,
  what: Violation,
  at: number,
): Promise<number[]> {
  const { contextLength, shape } = imagination;
  const size = imagination.pictureSize ?? 64;
  const standard = task.world();
  const other = task.world(task.factors?.colour?.(random.fork('colour')));
  const policy: Policy<State> = task.policies.explore!(standard, random.fork('policy'));
  let state = standard.reset(random.fork('start'));
  const latents: Float32Array[] = [];
  const blocks: Float32Array[] = [];
  const surprises: number[] = [];
  for (let block = 0; block <= BLOCKS; block++) {
    if (block === at && what === 'teleport') state = task.teleport!(standard, state, random.fork('teleport'));
    const world: World<State> = block >= at && what === 'recolour' ? other : standard;
    latents.push(await imagination.see(world.render(state, size)));
    if (latents.length > contextLength) {
      const seen = { timeMs: 0, latents: latents.slice(-1 - contextLength), blocks: blocks.slice(-contextLength) };
      surprises[block] = await surpriseAt(imagination, seen);
    } else surprises[block] = 0;
    const done = new Float32Array(shape.frameskip * shape.actionSize);
    for (let step = 0; step < shape.frameskip; step++) {
      const action = policy.act(state);
      done.set(imagination.normalise(action), step * shape.actionSize);
      state = policy.next(standard.step(state, action));
    }
    blocks.push(done);
  }
  return surprises;
}

/** The chance that one of `these` is above one of `those`; half of a tie. */
export function auroc(these: readonly number[], those: readonly number[]): number {
  let above = 0;
  for (const a of these) for (const b of those) above += a > b ? 1 : a === b ? 0.5 : 0;
  return above / (these.length * those.length);
}
