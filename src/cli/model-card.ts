import type { Dataset } from '../data/dataset.ts';
import type { Hardened } from '../worldmodel/harden.ts';
import type { ModelConfig } from '../worldmodel/model.ts';
import type { Progress } from '../worldmodel/train.ts';
import type { Said } from '../worldmodel/train-lexicon.ts';
import type { Recipe } from './train-run.ts';

export type CardFacts = {
  readonly config: ModelConfig;
  readonly dataset: Pick<Dataset, 'meta' | 'episodes' | 'hash'>;
  /** What the reflex learnt from, where that is another data set. */
  readonly demonstrations?: Pick<Dataset, 'meta' | 'episodes' | 'hash'> | undefined;
  readonly said?: readonly Said[] | undefined;
  readonly recipe: Pick<Recipe, 'train' | 'predictor' | 'critic' | 'reflex' | 'ensemble' | 'lexicon' | 'hardening'>;
  /** The checkpoint that it began with: its card, and the SHA-256 of its weights. */
  readonly begun?: { readonly card: string; readonly hash: string } | undefined;
  readonly hardened?: Hardened | undefined;
  readonly engine: string;
  readonly machine: string;
  /** Of the last uninterrupted stretch. */
  readonly seconds: number;
  readonly last: Progress | undefined;
  /** The command lines that make this checkpoint again. */
  readonly commands: readonly string[];
};

/**
 * The model card: front matter as model hubs read it, then what a person wants to know. Of a model that began with another, that one's card
 * and what happened then.
 */
export function modelCard(facts: CardFacts): string {
  const { config, begun, commands } = facts;
  const made = `Made with:\n\n\`\`\`\n${commands.join('\n')}\n\`\`\`\n`;
  if (begun)
    return `${begun.card.trimEnd()}

## Then

${learnt(facts, `beginning with the weights above (SHA-256 \`${begun.hash}\`)`)}
${made}`;
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
${learnt(facts, 'from nothing')}
${made}
SIGReg reads about 1.05 for an ideal cloud of latents and 51 for a collapsed one. The read-out of the position draws imagined paths on the
page; planning never uses it.
`;
}

function learnt(
  { dataset, demonstrations, recipe, last, hardened, said, seconds, engine, machine }: CardFacts,
  beginning: string,
): string {
  const { train, predictor, critic, reflex, ensemble, lexicon, hardening } = recipe;
  const stages = Object.entries({ predictor, critic, reflex, ensemble, lexicon, hardening }).flatMap(([name, stage]) =>
    stage && stage.steps > 0 ? [`${name} ${stage.steps}`] : [],
  );
  const world = `${train.steps} steps of ${train.batch} clips of ${train.clip} frames, objective \`${train.objective}\``;
  const { meta, episodes, hash } = dataset;
  const shown = demonstrations && [
    `- Demonstrations: ${demonstrations.episodes} episodes, policy \`${demonstrations.meta.policy}\`, seed ${demonstrations.meta.seed}, SHA-256 \`${demonstrations.hash}\`.`,
  ];
  return [
    `- Data: ${episodes} episodes of ${meta.task}, policy \`${meta.policy}\`, seed ${meta.seed}, variations \`${JSON.stringify(meta.variations)}\`,`,
    `  SHA-256 \`${hash}\`. The last twentieth was held back${train.steps > 0 ? ' for the probes below' : ''}.`,
    ...(shown ?? []),
    `- Training, ${beginning}: ${train.steps > 0 ? world : 'the world model stays'}, seed ${train.seed},`,
    `  in ${Math.round(seconds)} s on ${engine}; ${machine}.`,
    ...(stages.length > 0 ? [`- Steps of what else was learnt: ${stages.join(', ')}.`] : []),
    '',
    ...(train.steps > 0 ? table(last) : []),
    ...(hardened ? hardness(hardened) : []),
    ...(said ? words(said) : []),
  ].join('\n');
}

function table(last: Progress | undefined): string[] {
  const probe = last?.probe?.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
  return [
    '| at the end | |',
    '|---|---|',
    ...Object.entries(last?.losses ?? {}).map(([name, value]) => `| ${name} | ${value.toPrecision(4)} |`),
    `| true position read off held-out latents (x, y) | ${probe ?? 'not looked at'} |`,
    `| effective rank | ${last?.health?.effectiveRank.toFixed(1) ?? 'not looked at'} |`,
    `| SIGReg, held out | ${last?.health?.sigreg.toFixed(2) ?? 'not looked at'} |`,
    '',
  ];
}

function words(said: readonly Said[]): string[] {
  const percent = (share: number) => (100 * share).toFixed(1);
  return [
    '| what goals can be asked for, and is said | right of held-out moments, % | holds of, % |',
    '|---|---|---|',
    ...said.map(({ thing, holds, right, often }) => `| ${thing} ${holds} | ${percent(right)} | ${percent(often)} |`),
    '',
  ];
}

function hardness({ before, after }: Hardened): string[] {
  const row = (what: string, name: keyof Hardened['before']) =>
    `| ${what} | ${before[name].toPrecision(2)} | ${after[name].toPrecision(2)} |`;
  return [
    '| mean squared change of a latent number (spread about 1), held out | before hardening | after |',
    '|---|---|---|',
    row('clean pictures', 'clean'),
    row('noise of 25.5 grey levels', 'noise'),
    row('other light and paint', 'colours'),
    '',
  ];
}
