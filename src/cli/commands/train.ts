import { Option } from 'commander';
import type { CostChoice } from '../../planner/costs.ts';
import { costChoice, decimal, list, weights, whole } from '../options.ts';
import { verb, work } from '../verb.ts';

/** What `premotor train` was told. */
export type TrainSettings = {
  readonly data: string;
  readonly out: string;
  readonly demonstrations?: string;
  readonly from?: string;
  readonly resume?: boolean;
  readonly steps?: number;
  readonly seed: number;
  readonly objective: string;
  readonly objectiveWeight?: number;
  readonly auxiliary: Readonly<Record<string, number>>;
  readonly pixelNoise: number;
  readonly encoder: string;
  readonly encoderFile?: string;
  readonly encoderScale: string;
  readonly patch: number;
  readonly layers: number;
  readonly heads: number;
  readonly predictor: string;
  readonly predictorHeads: number;
  readonly batch: number;
  readonly clip: number;
  readonly learningRate: number;
  readonly directions: number;
  readonly predictorSteps: number;
  readonly criticSteps?: number;
  readonly criticExpectile: number;
  readonly criticFarthest?: number;
  readonly criticToEnd: number;
  readonly criticImagined: number;
  readonly criticNoise: number;
  readonly reflexSteps: number;
  readonly reflexHidden: number;
  readonly reflexModes: number;
  readonly ensembleSteps: number;
  readonly ensembleHidden: number;
  readonly ensembleMembers: number;
  readonly lexiconSteps: number;
  readonly hardenSteps: number;
  readonly hardenColours: number;
  readonly planCost: CostChoice;
  readonly planPlanner?: string;
  readonly planSteady?: number;
  readonly planKeepIn?: number;
  readonly planNear?: number;
  readonly planRefinements?: number;
  readonly latentDim: number;
  readonly channels: number[];
  readonly hidden: number;
  readonly context: number;
  readonly predictorHidden: number;
  readonly residualBlocks: number;
  readonly criticHidden: number;
  readonly frameskip: number;
  readonly monitorEvery: number;
  readonly saveEvery: number;
  readonly engine: string;
  readonly threads: number;
};

/** What a checkpoint has settled. */
const NETWORKS = [
  ...['encoder', 'encoderFile', 'encoderScale', 'latentDim', 'channels', 'hidden', 'patch', 'layers', 'heads'],
  ...['predictor', 'predictorHeads', 'predictorHidden', 'residualBlocks', 'context', 'frameskip'],
];

/** `premotor train`: learns a world model from recorded episodes. */
export const trainCommand = () =>
  verb({
    name: 'train',
    summary: 'learn a world model from recorded episodes, from pixels',
    examples: [
      'train --data data/train --out runs/mine',
      'train --data data/train --demonstrations data/expert --reflex-steps 8000 --out runs/skilled',
      'train --out runs/mine --resume',
      'train --from runs/mine/checkpoint --data data/train --harden-steps 3000 --out runs/hard',
      'train --data data/train --out runs/collapse --objective none --steps 600',
    ],
  })
    .option('-d, --data <dir>', 'the data set (premotor collect)', 'data/two-room')
    .option(
      '--demonstrations <dir>',
      'another data set, of who knows the way: for critic and reflex to learn from, for the predictor too (default: the same)',
    )
    .option('-o, --out <dir>', 'folder of the run: recipe, metrics, state and checkpoint', 'runs/two-room')
    .addOption(
      new Option(
        '--from <checkpoint>',
        'begin with a checkpoint: only what steps are given for is learnt, all else stays as it is',
      ).conflicts(NETWORKS),
    )
    .option('--resume', 'go on with the run in --out, by the recipe it was started with')
    .option('--steps <count>', 'training steps of the world model (default: 2400, with --from 0)', whole('--steps'))
    .option('-s, --seed <number>', 'the same seed gives the same weights', whole('--seed'), 1)
    .option(
      '--objective <name>',
      'what to learn by: sigreg (LeWM), vicreg, contrastive, teacher (BYOL), autoencoder, pixels or none (collapses)',
      'sigreg',
    )
    .option(
      '--objective-weight <number>',
      'how much its term against collapse weighs (default: its own)',
      decimal('--objective-weight', { min: 0 }),
    )
    .option(
      '--auxiliary <name=weight>',
      'more to learn by: inverse (dynamics), straightening, contrast (InfoNCE); may be given many times',
      weights('--auxiliary'),
      {},
    )
    .option(
      '--pixel-noise <levels>',
      'the most noise on the pictures of half of the clips, 0..128 grey levels',
      decimal('--pixel-noise', { min: 0, max: 128 }),
      0,
    )
    .option('--batch <clips>', 'clips in a batch', whole('--batch', { min: 2 }), 64)
    .option('--clip <frames>', 'frames in a clip', whole('--clip', { min: 2 }), 4)
    .option('--learning-rate <number>', 'peak of the cosine', decimal('--learning-rate', { min: 1e-9, max: 1 }), 1e-3)
    .option('--directions <count>', 'random projections of SIGReg', whole('--directions', { min: 1 }), 256)
    .option(
      '--predictor-steps <count>',
      'steps in which the predictor alone learns on, on latents that stay as they are: much more in the same time (0: none)',
      whole('--predictor-steps'),
      0,
    )
    .option(
      '--critic-steps <count>',
      'training steps of the temporal distance (default: 8000, 0 where the world model stays; 0: none)',
      whole('--critic-steps'),
    )
    .option(
      '--critic-expectile <share>',
      'below 0.5 it asks for what the quicker recordings needed; 0.5 where all know the way',
      decimal('--critic-expectile', { min: 0.01, max: 0.5 }),
      0.1,
    )
    .option(
      '--critic-farthest <blocks>',
      'it learns from moments at most so far apart; the nearer, the more exact (default: any)',
      whole('--critic-farthest', { min: 1 }),
    )
    .option(
      '--critic-to-end <share>',
      'share of these that end where their episode does: what a demonstration was for',
      decimal('--critic-to-end', { min: 0, max: 1 }),
      0,
    )
    .option(
      '--critic-imagined <share>',
      'share of these that begin with what was imagined, not seen, as plans do',
      decimal('--critic-imagined', { min: 0, max: 1 }),
      0,
    )
    .option(
      '--critic-noise <spread>',
      'noise on the latents it starts from, since what is imagined errs (latents spread about 1)',
      decimal('--critic-noise', { min: 0, max: 1 }),
      0,
    )
    .option(
      '--reflex-steps <count>',
      'training steps of the reflex: what to do, learnt from what was done (0: none)',
      whole('--reflex-steps'),
      0,
    )
    .option('--reflex-hidden <size>', 'width of the reflex', whole('--reflex-hidden', { min: 1 }), 512)
    .option(
      '--reflex-modes <count>',
      'ways to go that it tells apart: where there are two ways round a thing, their average is none',
      whole('--reflex-modes', { min: 1, max: 6 }),
      1,
    )
    .option(
      '--ensemble-steps <count>',
      'training steps of small predictors whose disagreement tells what nobody knows (0: none)',
      whole('--ensemble-steps'),
      0,
    )
    .option('--ensemble-hidden <size>', 'width of each of them', whole('--ensemble-hidden', { min: 1 }), 128)
    .option('--ensemble-members <count>', 'how many there are', whole('--ensemble-members', { min: 2 }), 4)
    .option(
      '--lexicon-steps <count>',
      'training steps of the words that goals can be given in, and that are said of what is imagined (0: none)',
      whole('--lexicon-steps'),
      0,
    )
    .option(
      '--harden-steps <count>',
      'steps in which the encoder learns to see through noise, light and paint, as it sees clean pictures (0: none)',
      whole('--harden-steps'),
      0,
    )
    .option(
      '--harden-colours <share>',
      'how far light and paint may go in them, 0 (noise alone) to 1; the further, the less exact',
      decimal('--harden-colours', { min: 0, max: 1 }),
      1,
    )
    .option(
      '--plan-cost <what>',
      'what plans with this checkpoint are judged by unless told, as --cost of premotor eval (auto: the critic)',
      costChoice,
      'auto',
    )
    .option(
      '--plan-planner <name>',
      'how they are searched for unless told, as --planner of premotor eval (default: cem)',
    )
    .option(
      '--plan-steady <share>',
      'what the reflex proposes must be better than the plan that is being done by such a share of its cost (default: 0)',
      decimal('--plan-steady', { min: 0, max: 1 }),
    )
    .option(
      '--plan-keep-in <margin>',
      'how far within the picture they stay unless told, as --keep-in of premotor eval (default: anywhere)',
      decimal('--plan-keep-in', { min: 0.001, max: 0.4 }),
    )
    .option(
      '--plan-refinements <count>',
      'how often they are refined unless told, as --iterations of premotor eval (default: 10)',
      whole('--plan-refinements', { min: 1 }),
    )
    .option(
      '--plan-near <share>',
      'a plan is at the goal where it is imagined to be no further from it than this share of nominal surprise (default: 0.09)',
      decimal('--plan-near', { min: 0.001, max: 1 }),
    )
    .option('--latent-dim <size>', 'numbers in a latent', whole('--latent-dim', { min: 2 }), 64)
    .option(
      '--encoder <name>',
      'patch-merge (quick), conv (overlapping), keypoint (where things are), vit (a transformer) or onnx (pretrained, stays as it is)',
      'patch-merge',
    )
    .option('--encoder-file <graph>', 'a pretrained encoder: an ONNX graph that takes one picture')
    .option('--encoder-scale <name>', 'what it takes pixels in: imagenet, unit (0..1) or bytes (0..255)', 'imagenet')
    .option('--channels <list>', 'widths of the encoder, level by level', list('--channels'), [64, 128, 256])
    .option(
      '--hidden <size>',
      'width of its last hidden layer; of a vit, of its tokens',
      whole('--hidden', { min: 1 }),
      256,
    )
    .option('--patch <pixels>', 'side of the patches of a vit', whole('--patch', { min: 1 }), 8)
    .option('--layers <count>', 'depth of a vit', whole('--layers', { min: 1 }), 4)
    .option('--heads <count>', 'heads of a vit', whole('--heads', { min: 1 }), 4)
    .option('--context <latents>', 'latents the predictor looks back on', whole('--context', { min: 1, max: 16 }), 1)
    .option('--predictor <name>', 'mlp (residual) or transformer (causal, modulated by actions)', 'mlp')
    .option('--predictor-heads <count>', 'heads of a transformer', whole('--predictor-heads', { min: 1 }), 4)
    .option('--predictor-hidden <size>', 'width of the predictor', whole('--predictor-hidden', { min: 1 }), 256)
    .option('--residual-blocks <count>', 'depth of the predictor', whole('--residual-blocks'), 1)
    .option('--critic-hidden <size>', 'width of the temporal distance', whole('--critic-hidden', { min: 1 }), 256)
    .option('--frameskip <steps>', 'control steps in a block', whole('--frameskip', { min: 1 }), 5)
    .option(
      '--monitor-every <steps>',
      'look for collapse and probe the latents',
      whole('--monitor-every', { min: 1 }),
      200,
    )
    .option('--save-every <steps>', 'save the state to resume from', whole('--save-every', { min: 1 }), 200)
    .option('--engine <name>', 'what computes; see premotor doctor', 'auto')
    .option('--threads <count>', 'threads of the engine', whole('--threads', { min: 1, max: 256 }), 2)
    .action(
      work<TrainSettings>(async (settings, terminal) => {
        const { train } = await import('../train.ts');
        return train(settings, terminal);
      }),
    );
