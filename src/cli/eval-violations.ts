import { findTask } from '../../sim/tasks.ts';
import { violations } from '../../sim/violations.ts';
import { openMind } from '../agent/load-mind.ts';
import { requireTask } from '../data/model-facts.ts';
import { UsageError } from '../errors.ts';
import type { EvalOptions } from './commands/eval.ts';
import type { Outcome, Terminal } from './verb.ts';

/** The violation-of-expectation test of a checkpoint. */
export async function evaluateViolations(
  { task: name, checkpoint, episodes, seed, engine, threads }: EvalOptions & { readonly checkpoint: string },
  terminal: Terminal,
): Promise<Outcome> {
  const task = findTask(name);
  if (!task.teleport) throw new UsageError(`${name} has no thing that could be teleported`);
  requireTask(checkpoint, name);
  await task.prepare?.();
  const mind = await openMind({ checkpoint, engine, threads });
  const bar = terminal.progress('violations', 'episodes');
  try {
    const { signal } = terminal;
    const found = await violations(task, mind.imagination, { episodes, seed, signal }, (done) =>
      bar.update(done, episodes),
    ).finally(() => bar.done());
    const { auroc, threshold, alarmed } = found;
    return {
      json: { task: name, checkpoint, seed, ...found },
      summary: [
        `${name}: a teleport is told from nothing with AUROC ${auroc.teleport.toFixed(3)} within 3 frames, other colours ${auroc.recolour.toFixed(3)} (${episodes} episodes each)`,
        alarmed
          ? `above ${threshold!.toFixed(2)}, as calibrated: ${alarmed.teleport.toFixed(0)} % of teleports, ${alarmed.recolour.toFixed(0)} % of recolourings; false alarms in ${alarmed.nothing.toFixed(0)} % of episodes`
          : 'the checkpoint was not calibrated: train it again to have a threshold',
      ],
    };
  } finally {
    await mind.dispose();
  }
}
