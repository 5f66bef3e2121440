import { z } from 'zod';
import type { Specs } from '../compute/engine.ts';
import type { ParamSpecs } from '../compute/layers.ts';
import { viewSchema } from '../data/view.ts';
import type { Encoder } from '../perception/encoder.ts';
import { encoders } from '../perception/encoders.ts';
import { THUMBNAIL } from '../perception/thumbnail.ts';
import { type Critic, mlpCritic } from './critic.ts';
import { type Ensemble, mlpEnsemble } from './ensemble.ts';
import { type Lexicon, mlpLexicon } from './lexicon.ts';
import type { Predictor } from './predictor.ts';
import { predictors } from './predictors.ts';
import { mlpReflex, type Reflex } from './reflex.ts';

const positive = z.number().int().positive();
const numbers = z.array(z.number());

/** `config.json` of a checkpoint: everything that is not a weight. */
export const modelConfig = z.strictObject({
  format: z.literal('premotor-model/1'),
  task: z.string(),
  /** SHA-256 of the episodes it was trained on: never to be evaluated on. */
  data: z.string(),
  /** Of what the reflex was learnt from, where that is another data set. */
  demonstrations: z.string().optional(),
  /** Of what the checkpoints that it began with were learnt from. */
  earlier: z.array(z.string()).optional(),
  /** Pixels per side of a frame. */
  imageSize: positive,
  /** What a frame is made of, where it is more than one camera's. */
  view: viewSchema.optional(),
  /** Control steps per block, and milliseconds per control step. */
  frameskip: positive,
  periodMs: z.number().positive(),
  /** Raw actions: normalisation and legal range, `[A]` each. */
  action: z.strictObject({ mean: numbers, std: numbers, low: numbers, high: numbers }),
  encoder: z.discriminatedUnion('name', [
    z.strictObject({
      name: z.enum(['patch-merge', 'conv', 'keypoint']),
      latentDim: positive,
      channels: z.array(positive),
      hidden: positive,
    }),
    z.strictObject({
      name: z.literal('vit'),
      latentDim: positive,
      patch: positive,
      width: positive,
      layers: positive,
      heads: positive,
      hidden: positive,
      projector: positive,
      projectorNorm: z.boolean(),
    }),
    z.strictObject({
      name: z.literal('onnx'),
      latentDim: positive,
      /** Beside `config.json`; once loaded, where it is. */
      file: z.string(),
      mean: numbers.length(3),
      std: numbers.length(3),
    }),
  ]),
  predictor: z.discriminatedUnion('name', [
    z.strictObject({
      name: z.literal('mlp'),
      contextLength: positive,
      hidden: positive,
      residualBlocks: positive,
    }),
    z.strictObject({
      name: z.literal('transformer'),
      contextLength: positive,
      window: positive,
      layers: positive,
      heads: positive,
      headSize: positive,
      hidden: positive,
      projector: positive,
      projectorNorm: z.boolean(),
      squeezed: positive,
    }),
  ]),
  /** What plans are best judged by, a recipe or weights of costs, how they are best searched for, how steady they are, how often refined, how far within the picture they stay, and at what share of nominal surprise they are at the goal; unless told. */
  planning: z
    .strictObject({
      cost: z.union([z.string(), z.record(z.string(), z.number())]).optional(),
      planner: z.string().optional(),
      steady: z.number().min(0).max(1).optional(),
      keepIn: z.number().positive().max(0.4).optional(),
      refinements: positive.optional(),
      near: z.number().positive().max(1).optional(),
    })
    .optional(),
  critic: z.strictObject({ name: z.literal('mlp'), hidden: positive }).optional(),
  reflex: z
    .strictObject({ name: z.literal('mlp'), hidden: positive, layers: positive, modes: positive.optional() })
    .optional(),
  ensemble: z.strictObject({ name: z.literal('mlp'), hidden: positive, members: positive }).optional(),
  /** What can be said of a moment (see `Words`), in the order of the lexicon's odds. */
  lexicon: z
    .strictObject({
      name: z.literal('mlp'),
      hidden: positive,
      sayings: z.array(z.strictObject({ thing: z.string(), holds: z.string() })).min(1),
    })
    .optional(),
  /** How many moments are remembered, and what is nominal by them and by held-out episodes (see `calibrate`). */
  landmarks: positive.optional(),
  calibration: z
    .strictObject({
      /** No more than `alarms` of nominal episodes have a latent further than this from the one foretold. */
      surprise: z.strictObject({ threshold: z.number(), alarms: z.number(), episodes: positive }),
      /** No more than `alarms` of nominal moments are further than this from every landmark, by latent or by thumbnail. */
      novelty: z.strictObject({ latent: z.number(), picture: z.number(), alarms: z.number(), moments: positive }),
      /** The ensemble disagrees more than this about no more than `alarms` of what was really done. */
      spread: z.strictObject({ threshold: z.number(), alarms: z.number(), moments: positive }).optional(),
    })
    .optional(),
  /** The first two outputs of the linear probe place the latent in the picture, `[0, 1]^2`. */
  probe: z.boolean().optional(),
});
export type ModelConfig = z.infer<typeof modelConfig>;

/** SHA-256 of all episodes that a model has learnt from. */
export const learntFrom = ({ data, demonstrations, earlier = [] }: ModelConfig): string[] => [
  ...new Set([data, ...(demonstrations === undefined ? [] : [demonstrations]), ...earlier]),
];

export type Model = {
  readonly encoder: Encoder;
  readonly predictor: Predictor;
  readonly critic?: Critic;
  readonly reflex?: Reflex;
  readonly ensemble?: Ensemble;
  readonly lexicon?: Lexicon;
};

/** The networks that a configuration describes; weights come separately. */
export function buildModel(config: ModelConfig): Model {
  const { imageSize, frameskip, action, encoder, predictor, critic, reflex, ensemble, lexicon } = config;
  const blockSize = frameskip * action.mean.length;
  const { latentDim } = encoder;
  return {
    encoder: encoders[encoder.name]({ ...encoder, imageSize } as never),
    predictor: predictors[predictor.name]({ ...predictor, latentDim, blockSize } as never),
    ...(critic ? { critic: mlpCritic({ latentDim, hidden: critic.hidden }) } : {}),
    ...(reflex ? { reflex: mlpReflex({ ...reflex, latentDim, blockSize }) } : {}),
    ...(ensemble ? { ensemble: mlpEnsemble({ ...ensemble, latentDim, blockSize }) } : {}),
    ...(lexicon ? { lexicon: mlpLexicon({ latentDim, sayings: lexicon.sayings.length, hidden: lexicon.hidden }) } : {}),
  };
}

/** Shapes of parameters, as inputs of a program. */
export const shapesOf = (params: ParamSpecs): Specs =>
  Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, shape]));

/** Every array that a checkpoint of this configuration must hold. */
export function checkpointShapes(config: ModelConfig): Specs {
  const { encoder, predictor, critic, reflex, ensemble, lexicon } = buildModel(config);
  const { imageSize, probe, landmarks } = config;
  return {
    pixelMean: [imageSize, imageSize, 3],
    ...shapesOf(encoder.params),
    ...shapesOf(predictor.params),
    ...(critic ? shapesOf(critic.params) : {}),
    ...(reflex ? shapesOf(reflex.params) : {}),
    ...(ensemble ? shapesOf(ensemble.params) : {}),
    ...(lexicon ? shapesOf(lexicon.params) : {}),
    ...(landmarks ? { landmarks: [landmarks, config.encoder.latentDim], thumbnails: [landmarks, THUMBNAIL] } : {}),
    ...(probe ? { 'probe.w': [config.encoder.latentDim, 2], 'probe.b': [2] } : {}),
  };
}
