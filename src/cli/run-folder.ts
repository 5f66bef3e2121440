import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recoverFolder, replaceFile, replaceFolder } from '../data/atomic.ts';
import { jsonLines } from '../data/json-lines.ts';
import { decodeSafetensors, encodeSafetensors } from '../data/safetensors.ts';
import { PremotorError, UsageError } from '../errors.ts';
import type { Standing } from '../worldmodel/learn.ts';
import { eventFileStart, scalarEvent, scalarsOf } from './tensorboard.ts';

/** A folder with everything that one training run is and was. */
export interface RunFolder<Recipe> {
  readonly recipe: Recipe;
  /** Where an interrupted run stopped learning a part of the model, if it had begun to. Both throw `PremotorError` for what cannot be read. */
  step(part: string): number | undefined;
  saved(part: string): Standing | undefined;
  /** What was recorded last before it was interrupted. */
  readonly last: object | undefined;
  save(part: string, standing: Standing): void;
  /** Appends one line to `metrics.jsonl`, and the same to the file that TensorBoard reads. */
  record(metrics: Metrics): void;
}

type Metrics = { readonly step: number; readonly steps?: number };
/** The part that metrics are of. */
export const WORLD = 'world';
/** TensorBoard looks for names like this. */
const EVENTS = 'events.out.tfevents.0.premotor';

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
  const stateOf = (part: string) => join(dir, 'state', part);
  const metrics = join(dir, 'metrics.jsonl');
  const events = join(dir, EVENTS);
  const event = ({ step, steps: _, ...line }: Metrics) => scalarEvent(Date.now() / 1000, step, scalarsOf(line));
  const kept = trim(metrics, (resume && stepIn(stateOf(WORLD))) || 0);
  replaceFile(events, Buffer.concat([eventFileStart(Date.now() / 1000), ...kept.map(event)]));
  return {
    recipe,
    step: (part) => stepIn(stateOf(part)),
    saved: (part) => standingIn(stateOf(part)),
    last: kept.at(-1),
    save: (part, { step, state }) => {
      const arrays = Object.entries(state).map(([name, data]) => [name, { shape: [data.length], data }] as const);
      mkdirSync(join(dir, 'state'), { recursive: true });
      replaceFolder(stateOf(part), {
        'state.safetensors': encodeSafetensors(Object.fromEntries(arrays), { step: String(step) }),
        'step.json': `${JSON.stringify({ step })}\n`,
      });
    },
    record: (line) => {
      appendFileSync(metrics, `${JSON.stringify(line)}\n`);
      appendFileSync(events, event(line));
    },
  };
}

function stepIn(dir: string): number | undefined {
  recoverFolder(dir);
  return readable(dir, () =>
    existsSync(dir) ? (JSON.parse(readFileSync(join(dir, 'step.json'), 'utf8')) as { step: number }).step : undefined,
  );
}

function standingIn(dir: string): Standing | undefined {
  const step = stepIn(dir);
  if (step === undefined) return undefined;
  const arrays = readable(dir, () => decodeSafetensors(readFileSync(join(dir, 'state.safetensors'))));
  return { step, state: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) };
}

function readable<Read>(dir: string, read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    throw new PremotorError(`the training state in ${dir} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: 'begin a new run in another folder with --out',
    });
  }
}

/** Lines of steps that will be done again, and one that was cut off, go; gives those that stay. */
function trim(path: string, step: number): Metrics[] {
  if (!existsSync(path)) return [];
  const kept = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const metrics = JSON.parse(line) as Metrics;
        return metrics.step <= step ? [metrics] : [];
      } catch {
        return [];
      }
    });
  replaceFile(path, jsonLines(kept));
  return kept;
}
