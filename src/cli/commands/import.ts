import { Argument } from 'commander';
import { verb, work } from '../verb.ts';

export type ImportSettings = { readonly config: string; readonly out: string };

/** `premotor import`: a model of another project as a checkpoint of ours. */
export const importCommand = () =>
  verb({
    name: 'import',
    summary: 'make a checkpoint of a model that another project trained',
    examples: [
      'import lewm weights.safetensors --config pusht.json --out checkpoints/lewm-pusht',
      'import lewm weights.safetensors --config cube.json --out checkpoints/lewm-cube --json',
    ],
  })
    .addArgument(new Argument('<project>', 'lewm: LeWorldModel (le-wm, stable-worldmodel)').choices(['lewm']))
    .argument('<state-dict>', 'its weights as safetensors (convert weights.pt offline: a pickle is never opened here)')
    .requiredOption(
      '--config <file>',
      'JSON: task, frameskip, periodMs, action {mean, std, low, high}; see docs/models.md',
    )
    .requiredOption('-o, --out <dir>', 'a new folder for the checkpoint')
    .action((project: string, file: string, options: ImportSettings) =>
      work<ImportSettings>(async (settings) => {
        const { importModel } = await import('../import.ts');
        return importModel(project as 'lewm', file, settings);
      })(options),
    );
