import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recoverFolder, replaceFolder } from '../data/atomic.ts';
import { decodeSafetensors, encodeSafetensors } from '../data/safetensors.ts';
import { PremotorError, UsageError } from '../errors.ts';

/** What a training run needs to go on: the step it has done and every array of the trainer. */
export type Saved = { readonly step: number; readonly state: Record<string, Float32Array> };

/** A folder with everything that one training run is and was. */
export interface RunFolder<Recipe> {
  readonly recipe: Recipe;
  /** Where an interrupted run stopped, if there is one. */
  readonly saved: Saved | undefined;
  save(saved: Saved): void;
  /** Appends one line to `metrics.jsonl`. */
  record(metrics: { readonly step: number }): void;
}

/** The recipe of a run that was begun. */
export function recipeOf<Recipe>(dir: string): Recipe {
  try {
    return JSON.parse(readFileSync(join(dir, 'recipe.json'), 'utf8')) as Recipe;
  } catch (cause) {
    throw new UsageError(`there is no run to resume in ${dir}`, { hint: 'leave --resume away to begin one', cause });
  }
}

/** Opens a new run, or with `resume` goes on with an old one. */
export function openRun<Recipe>(dir: string, recipe: Recipe, { resume = false } = {}): RunFolder<Recipe> {
  const path = join(dir, 'recipe.json');
  if (!resume) {
    if (existsSync(path)) {
      throw new UsageError(`${dir} holds a run already`, {
        hint: 'go on with --resume, or choose another folder with --out',
      });
    }
    mkdirSync(dir, { recursive: true });
    replaceFile(path, `${JSON.stringify(recipe, null, 2)}\n`);
  }
  const saved = resume ? readState(join(dir, 'state')) : undefined;
  const metrics = join(dir, 'metrics.jsonl');
  trim(metrics, saved?.step ?? 0);
  return {
    recipe,
    saved,
    save: ({ step, state }) => {
      const arrays = Object.entries(state).map(([name, data]) => [name, { shape: [data.length], data }] as const);
      replaceFolder(join(dir, 'state'), {
        'state.safetensors': encodeSafetensors(Object.fromEntries(arrays), { step: String(step) }),
        'step.json': `${JSON.stringify({ step })}\n`,
      });
    },
    record: (line) => appendFileSync(metrics, `${JSON.stringify(line)}\n`),
  };
}

function readState(dir: string): Saved | undefined {
  recoverFolder(dir);
  if (!existsSync(dir)) return undefined;
  try {
    const { step } = JSON.parse(readFileSync(join(dir, 'step.json'), 'utf8')) as { step: number };
    const arrays = decodeSafetensors(readFileSync(join(dir, 'state.safetensors')));
    return { step, state: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) };
  } catch (cause) {
    throw new PremotorError(`the training state in ${dir} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: 'begin a new run in another folder with --out',
    });
  }
}

/** Lines of steps that will be done again, and one that was cut off, go. */
function trim(path: string, step: number): void {
  if (!existsSync(path)) return;
  const kept = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => {
      try {
        return (JSON.parse(line) as { step: number }).step <= step;
      } catch {
        return false;
      }
    });
  replaceFile(path, kept.map((line) => `${line}\n`).join(''));
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { flush: true });
  renameSync(`${path}.new`, path);
}
