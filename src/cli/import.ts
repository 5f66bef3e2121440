import { existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { decodeSafetensors } from '../data/safetensors.ts';
import { BadConfig, PremotorError, UsageError } from '../errors.ts';
import { loadCheckpoint, saveCheckpoint } from '../worldmodel/checkpoint.ts';
import { importLewm } from '../worldmodel/import-lewm.ts';
import { lewmFacts } from '../worldmodel/lewm.ts';
import type { ImportSettings } from './commands/import.ts';
import type { Outcome } from './verb.ts';

/** Makes a checkpoint of a state dict of another project. */
export function importModel(project: 'lewm', file: string, { config: configFile, out }: ImportSettings): Outcome {
  if (existsSync(out)) throw new UsageError(`${out} exists`, { hint: 'name a new folder with --out' });
  const facts = lewmFacts.safeParse(json(configFile));
  if (!facts.success) throw new BadConfig(`${configFile}: ${wrong(facts.error)}`, { hint: 'docs/models.md shows one' });
  const arrays = attempt(file, () => decodeSafetensors(readFileSync(file)));
  const { config, params } = attempt(file, () => importLewm(arrays, facts.data));
  saveCheckpoint(out, { config, params }, card(file, facts.data.task));
  const { hash } = loadCheckpoint(out);
  const weights = Object.values(params).reduce((sum, { length }) => sum + length, 0) - params.pixelMean!.length;
  return {
    json: { checkpoint: out, project, tensors: Object.keys(arrays).length, weights, hash, config },
    summary: [
      `${Object.keys(arrays).length} tensors, ${weights.toLocaleString('en')} weights; ${config.imageSize} px, latents of ${config.encoder.latentDim}`,
      `checkpoint in ${out}; judge it with premotor eval --checkpoint ${out} --cost last`,
    ],
  };
}

/** The first things that are wrong, and how many more. */
function wrong({ issues }: z.ZodError): string {
  const told = issues.slice(0, TOLD).map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  return [...told, ...(issues.length > TOLD ? [`and ${issues.length - TOLD} more`] : [])].join('; ');
}
const TOLD = 3;

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new BadConfig(`${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}

/** What goes wrong with a file is said with its name. */
function attempt<Made>(file: string, make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    const { message, hint } = cause as PremotorError;
    throw new PremotorError(`${file}: ${message}`, { cause, ...(hint && { hint }) });
  }
}

const card = (file: string, task: string) => `---
library_name: premotor
pipeline_tag: robotics
tags: [world-model, jepa, planning]
---

# ${task}, LeWM

Made by \`premotor import lewm ${file}\`: the network of LeWM (arXiv 2603.19312) with its weights; batch norms are folded into the linear
layers before them. Weights keep the licence of where they came from.
`;
