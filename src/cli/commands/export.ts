import type { CostChoice } from '../../planner/costs.ts';
import { costChoice, whole } from '../options.ts';
import { verb, work } from '../verb.ts';

export type ExportSettings = {
  readonly checkpoint: string;
  readonly onnx?: string;
  readonly half?: string;
  readonly samples: number;
  readonly horizon: number;
  readonly cost: CostChoice;
};

/** `premotor export`: a checkpoint for other programs. */
export const exportCommand = () =>
  verb({
    name: 'export',
    summary: 'write a checkpoint for others: as ONNX files that any ONNX Runtime runs, or at half its size',
    examples: [
      'export --checkpoint checkpoints/two-room --onnx onnx/two-room',
      'export --checkpoint runs/mine/checkpoint --onnx onnx/mine --samples 300 --cost last',
      'export --checkpoint runs/mine/checkpoint --half checkpoints/mine',
    ],
  })
    .requiredOption('-c, --checkpoint <dir>', 'the model')
    .option('--onnx <dir>', 'a new folder for encoder.onnx, rollout.onnx, cost.onnx and what goes in and out')
    .option('--half <dir>', 'a new folder for the same checkpoint with its weights in half precision')
    .option('--samples <count>', 'candidates judged at a time', whole('--samples', { min: 1 }), 64)
    .option('--horizon <blocks>', 'blocks looked ahead', whole('--horizon', { min: 1 }), 5)
    .option('--cost <name>', 'what futures are judged by, as in premotor eval', costChoice, 'auto')
    .action(
      work<ExportSettings>(async (settings) => {
        const { exportCheckpoint } = await import('../export.ts');
        return exportCheckpoint(settings);
      }),
    );
