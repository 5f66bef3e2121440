import type { Hardened } from '../worldmodel/harden.ts';
import type { Progress } from '../worldmodel/train.ts';
import type { Said } from '../worldmodel/train-lexicon.ts';
import { HEADS, type Head } from './train-run.ts';
import type { Terminal } from './verb.ts';

/** How far every part of a training is. */
export function trainBars(terminal: Terminal) {
  const world = terminal.progress('world model', 'steps');
  const heads = Object.fromEntries(HEADS.map((head) => [head, terminal.progress(head, 'steps')])) as Record<
    Head,
    ReturnType<Terminal['progress']>
  >;
  return {
    world: (progress: Progress) => {
      if (progress.health) world.log(looked(progress));
      world.update(progress.step, progress.steps, terms(progress.losses));
      if (progress.step === progress.steps) world.done();
    },
    head: (head: Head, step: number, steps: number, loss: number) =>
      heads[head].update(step, steps, `loss ${loss.toPrecision(3)}`),
    done: () => {
      for (const bar of [world, ...Object.values(heads)]) bar.done();
    },
  };
}

const terms = (losses: Progress['losses']) =>
  Object.entries(losses)
    .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
    .join(' ');

/** What a look at held-out latents found, in one line. */
export function looked({ step, health, probe, objects }: Progress): string {
  const position = probe?.map((share) => `${(100 * share).toFixed(1)} %`).join(', ') ?? 'not looked at';
  const cloud = health
    ? `; SIGReg ${health.sigreg.toFixed(2)}, rank ${health.effectiveRank.toFixed(1)}, spread ${health.stdMean.toFixed(2)}`
    : '';
  const things = Object.entries(objects ?? {}).map(
    ([name, shares]) => `${name} ${shares.map((share) => (100 * share).toFixed(0)).join('/')}`,
  );
  return `step ${step}: true position read off held-out latents: ${position}${things.length > 0 ? `; ${things.join(', ')}` : ''}${cloud}${health?.collapsed ? '; COLLAPSED' : ''}`;
}

/** How far pictures that were disturbed move latents. */
export const hard = ({ before, after }: Hardened): string =>
  `latents change by ${after.noise.toPrecision(2)} of their spread under noise (before: ${before.noise.toPrecision(2)}), by ${after.colours.toPrecision(2)} in other colours (${before.colours.toPrecision(2)}), by ${after.clean.toPrecision(2)} on clean pictures`;

/** How often words are right. */
export const told = (said: readonly Said[]): string =>
  `said rightly of held-out moments: ${said.map(({ thing, holds, right }) => `${thing} ${holds} ${(100 * right).toFixed(1)} %`).join(', ')}`;
