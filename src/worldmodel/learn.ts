import type { Inputs } from '../compute/engine.ts';
import { PremotorError } from '../errors.ts';
import type { Trainer, TrainerState } from './trainer.ts';

/** Where learning stands: the step that is done, and all that a trainer needs to go on from there. */
export type Standing = { readonly step: number; readonly state: TrainerState };

export type LearnHooks = {
  /** Where it was cut off; from the beginning unless given. */
  readonly resume?: Standing | undefined;
  /** Told where learning stands every so many steps, at the last one, and when it is stopped: never in between unless given. */
  readonly onState?: ((standing: Standing) => void) | undefined;
  readonly saveEvery?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Lessons = {
  /** What is learnt, where it must be said. */
  readonly of?: string | undefined;
  readonly steps: number;
  readonly rate: (step: number) => number;
  /** What a step is learnt from, drawn while the one before is. */
  readonly draw: (step: number) => Inputs | Promise<Inputs>;
  readonly onStep?: (step: number, losses: Readonly<Record<string, number>>) => void | Promise<void>;
};

/**
 * Step by step to the last one. Cut off and resumed it comes to the same, where what is drawn for a step depends on its number alone. Throws
 * `PremotorError` as soon as a term is no number any more: what was told last is good.
 */
export async function learn(
  trainer: Trainer,
  { of, steps, rate, draw, onStep }: Lessons,
  { resume, onState, saveEvery = Number.POSITIVE_INFINITY, signal }: LearnHooks,
): Promise<void> {
  if (resume) trainer.load(resume.state);
  let kept = resume?.step ?? 0;
  const begin = (step: number): Promise<Inputs> => {
    const inputs = (async () => await draw(step))();
    inputs.catch(() => {}); // told when it is waited for
    return inputs;
  };
  let next = kept < steps ? begin(kept + 1) : undefined;
  const tell = async (step: number) => {
    onState?.({ step, state: await trainer.state() });
    kept = step;
  };
  for (let step = kept + 1; step <= steps; step++) {
    if (signal?.aborted) {
      if (step - 1 > kept && onState) await tell(step - 1); // nothing learnt is lost
      signal.throwIfAborted();
    }
    const running = trainer.step(step, rate(step), await next!);
    if (step < steps) next = begin(step + 1); // while the engine works
    const losses = await running;
    requireFinite(losses, { step, kept, of });
    await onStep?.(step, losses);
    if (onState && (step % saveEvery === 0 || step === steps)) await tell(step);
  }
}

/** Throws `PremotorError` with the terms that are no numbers any more, and the step whose state is good. */
function requireFinite(
  losses: Readonly<Record<string, number>>,
  { step, kept, of }: { readonly step: number; readonly kept: number; readonly of: string | undefined },
): void {
  const lost = Object.keys(losses).filter((name) => !Number.isFinite(losses[name]));
  if (lost.length === 0) return;
  const terms = lost.filter((name) => name !== 'total' && name !== 'gradientNorm');
  const named = (terms.length > 0 ? terms : lost).map((name) => `${name} ${losses[name]}`).join(', ');
  const again = of ? 'look at the data' : 'begin again with a lower --learning-rate, or look at the data';
  throw new PremotorError(`training stopped at step ${step}${of ? ` of the ${of}` : ''}: ${named}`, {
    hint: kept > 0 ? `the state of step ${kept} is kept; ${again} from there on` : again,
  });
}
