import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DamagedCheckpoint, UsageError } from '../errors.ts';
import { type View, viewSchema } from './view.ts';

/** What the body must know of a model that it never loads. */
export type ModelFacts = {
  /** Side of the pictures that it takes, px. */
  readonly imageSize: number;
  /** Time of its control step. */
  readonly periodMs: number | undefined;
  /** What it was trained on. */
  readonly task: string | undefined;
  /** What it looks at, where that is no camera's own picture. */
  readonly view: View | undefined;
  /** What can be said of a moment, where it knows words. */
  readonly sayings: readonly { readonly thing: string; readonly holds: string }[] | undefined;
  /** SHA-256 of its weights, as its manifest says. */
  readonly sha256: string;
};

const lexiconSchema = z.object({ sayings: z.array(z.object({ thing: z.string(), holds: z.string() })) });

/** Reads them from a checkpoint's folder, weights and all else unread. Throws `DamagedCheckpoint`. */
export function modelFacts(dir: string): ModelFacts {
  const config = read(dir, 'config.json') as Readonly<Record<string, unknown>>;
  const manifest = read(dir, 'manifest.json') as { files?: Record<string, unknown> };
  const { imageSize, periodMs, task, view, lexicon } = config;
  const sha256 = manifest.files?.['model.safetensors'];
  if (!Number.isInteger(imageSize) || typeof sha256 !== 'string')
    throw new DamagedCheckpoint(
      `checkpoint ${dir} is damaged: config.json or manifest.json does not say what the model is`,
    );
  return {
    imageSize: imageSize as number,
    periodMs: typeof periodMs === 'number' ? periodMs : undefined,
    task: typeof task === 'string' ? task : undefined,
    view: viewSchema.safeParse(view).data,
    sayings: lexiconSchema.safeParse(lexicon).data?.sayings,
    sha256,
  };
}

/** Refuses a checkpoint that was trained on another task: it would plan, and mean nothing by it. */
export function requireTask(dir: string, task: string): void {
  const { task: its } = modelFacts(dir);
  if (its === undefined || its === task) return;
  throw new UsageError(`the checkpoint in ${dir} must be of ${task}, got one of ${its}`, {
    hint: `name another --checkpoint, or --task ${its}`,
  });
}

function read(dir: string, name: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, name), 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new DamagedCheckpoint(`checkpoint ${dir} cannot be used: ${name} cannot be read`, {
      cause,
      hint: 'name the folder of a checkpoint that premotor train wrote',
    });
  }
  throw new DamagedCheckpoint(`checkpoint ${dir} is damaged: ${name} is no JSON object`);
}
