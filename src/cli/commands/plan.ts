import { requireOneGoal, whole } from '../options.ts';
import { shippedCheckpoint } from '../package-root.ts';
import { type PlanningSettings, withPlanning } from '../planning-options.ts';
import { verb, work } from '../verb.ts';

/** What `premotor plan` was told. */
export type PlanSettings = {
  readonly from: string;
  readonly goal?: string;
  readonly say?: string;
  readonly checkpoint: string;
  readonly seed: number;
  readonly iterations?: number;
  readonly engine?: string;
  readonly threads?: number;
} & PlanningSettings;

/** `premotor plan`: thinks once, and moves nothing. */
export const planCommand = () =>
  withPlanning(
    verb({
      name: 'plan',
      summary: 'plan once, from a picture to a goal picture, and print what would be done; nothing moves',
      examples: [
        'plan --from here.png --goal there.png',
        'plan --from here.png --goal there.png --task pusht --json',
        'plan --from here.png --say "in the right room, at the bottom"',
      ],
    }),
  )
    .requiredOption('-f, --from <picture>', 'what the camera shows now (PNG or JPEG)')
    .option('-g, --goal <picture>', 'what it shall show')
    .option('--say <words>', 'the same in words that the checkpoint knows')
    .option('-t, --task <name>', 'take the checkpoint that ships for this task', 'two-room')
    .option('-c, --checkpoint <dir>', 'the model')
    .option('-s, --seed <number>', 'the same seed gives the same plan', whole('--seed'), 1)
    .option('--iterations <count>', 'refinements', whole('--iterations', { min: 1 }))
    .option('--engine <name>', 'what computes; see premotor doctor')
    .option('--threads <count>', 'threads of the engine', whole('--threads', { min: 1, max: 256 }))
    .action(
      work<PlanSettings & { readonly task: string }>(async ({ task, ...settings }) => {
        requireOneGoal(settings);
        const { findTask } = await import('../../../sim/tasks.ts');
        const checkpoint = settings.checkpoint ?? shippedCheckpoint(findTask(task).name);
        return (await import('../plan.ts')).planOnce({ ...settings, checkpoint });
      }),
    );
