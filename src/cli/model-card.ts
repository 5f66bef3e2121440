import type { Dataset, DatasetMeta } from '../data/dataset.ts';
import type { ModelConfig } from '../worldmodel/model.ts';
import type { Progress, TrainOptions } from '../worldmodel/train.ts';

export type CardFacts = {
  readonly config: ModelConfig;
  readonly meta: DatasetMeta;
  readonly episodes: number;
  readonly datasetHash: string;
  /** What the reflex learnt from, where that is another data set. */
  readonly demonstrations?: Pick<Dataset, 'meta' | 'episodes' | 'hash'>;
  readonly train: TrainOptions;
  readonly engine: string;
  readonly machine: string;
  /** Of the last uninterrupted stretch. */
  readonly seconds: number;
  readonly last: Progress | undefined;
  /** The command lines that make this checkpoint again. */
  readonly commands: readonly string[];
};

/** The model card: front matter as model hubs read it, then what a person wants to know. */
export function modelCard({
  config,
  meta,
  episodes,
  datasetHash,
  demonstrations: shown,
  train,
  engine,
  machine,
  seconds,
  last,
  commands,
}: CardFacts): string {
  const rows = Object.entries(last?.losses ?? {}).map(([name, value]) => `| ${name} | ${value.toPrecision(4)} |`);
  const probe = last?.probe?.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
  return `---
library_name: premotor
pipeline_tag: robotics
license: mit
tags: [world-model, jepa, planning]
---

# ${config.task}

A JEPA world model: encoder \`${config.encoder.name}\` (latent of ${config.encoder.latentDim}), predictor \`${config.predictor.name}\`\
${config.critic ? ', and a learned temporal distance' : ''}, trained from pixels with premotor.

- Pictures: ${config.imageSize} x ${config.imageSize}; a block is ${config.frameskip} control steps.
- Data: ${episodes} episodes of ${meta.task}, policy \`${meta.policy}\`, seed ${meta.seed}, variations \`${JSON.stringify(meta.variations)}\`,
  SHA-256 \`${datasetHash}\`. The last twentieth was held back for the probes below.
${shown ? `- Demonstrations, for the reflex: ${shown.episodes} episodes, policy \`${shown.meta.policy}\`, seed ${shown.meta.seed}, SHA-256 \`${shown.hash}\`.\n` : ''}- Training: ${train.steps} steps of ${train.batch} clips of ${train.clip} frames, objective \`${train.objective}\`, seed ${train.seed},
  in ${Math.round(seconds)} s on ${engine}; ${machine}.

| at the end | |
|---|---|
${rows.join('\n')}
| true position read off held-out latents (x, y) | ${probe ?? 'not looked at'} |
| effective rank | ${last?.health?.effectiveRank.toFixed(1) ?? 'not looked at'} |
| SIGReg, held out | ${last?.health?.sigreg.toFixed(2) ?? 'not looked at'} |

Made with:

\`\`\`
${commands.join('\n')}
\`\`\`

SIGReg reads about 1.05 for an ideal cloud of latents and 51 for a collapsed one. The read-out of the position draws imagined paths on the
page; planning never uses it.
`;
}
