import { UsageError } from '../../errors.ts';
import { decimal, whole } from '../options.ts';
import { shippedCheckpoint } from '../package-root.ts';
import { type PageSettings, requirePage, withPage } from '../page-options.ts';
import { type PlanningSettings, planningOf, withPlanning } from '../planning-options.ts';
import { verb, work } from '../verb.ts';

type Options = {
  readonly task: string;
  readonly checkpoint?: string;
  readonly goal?: string[];
  readonly goals: number;
  readonly far?: number;
  readonly seed: number;
  readonly rate?: number;
  readonly limit: number;
  readonly budgetMs: number;
  readonly open?: boolean;
  readonly engine?: string;
  readonly threads?: number;
} & PlanningSettings &
  PageSettings;

/** All that a demonstration needs to know. */
export type DemoSettings = Options & {
  readonly checkpoint: string;
  readonly far: number;
  readonly rate: number;
  readonly headless: boolean;
  readonly open: boolean;
};

/** `premotor demo`: the main job. */
export const demoCommand = () =>
  withPage(
    withPlanning(
      verb({
        name: 'demo',
        summary: 'watch the agent drive to ten goal pictures in a row, by camera alone',
        examples: ['demo', 'demo --seed 7 --rate 10', 'demo --goal there.png', 'demo --json --headless'],
      }),
    ),
  )
    .option('-t, --task <name>', 'what to do', 'two-room')
    .option('-c, --checkpoint <dir>', 'the model (default: the one that ships for the task)')
    .option('-g, --goal <picture...>', "drive to these pictures (PNG or JPEG of the model's size) instead")
    .option('-n, --goals <count>', 'goals in a row', whole('--goals', { min: 1, max: 1000 }), 10)
    .option(
      '--far <count>',
      'how many of them are far away, in TwoRoom in the other room (default: 8 in 10, of pusht none)',
      whole('--far'),
    )
    .option('-s, --seed <number>', 'the same seed gives the same goals', whole('--seed'), 1)
    .option(
      '--rate <steps>',
      'control steps per second (default: 20, of pusht 10)',
      decimal('--rate', { min: 1, max: 200 }),
    )
    .option('--limit <steps>', 'control steps for each goal', whole('--limit', { min: 1 }), 200)
    .option('--budget-ms <ms>', 'longest time for a plan', decimal('--budget-ms', { min: 1, max: 10_000 }), 80)
    .option('--open', 'open the page in a browser (default: on a terminal)')
    .option('--no-open', 'only say where the page is')
    .option('--engine <name>', 'what computes; see premotor doctor')
    .option(
      '--threads <count>',
      'threads of the engine (default: 1, in WebAssembly 2)',
      whole('--threads', { min: 1, max: 256 }),
    )
    .action(
      work<Options>(async (options, terminal) => {
        const { goal: pictures, headless = false } = options;
        planningOf(options);
        requirePage(options);
        const goals = pictures?.length ?? options.goals;
        const { findTask } = await import('../../../sim/tasks.ts');
        const { name, demo = {} } = findTask(options.task);
        const far = pictures ? 0 : (options.far ?? Math.round((demo.far ?? 0.8) * goals));
        if (far > goals) throw new UsageError(`--far must be at most --goals (${goals}), got ${far}`);
        const { rate = demo.rate ?? 20 } = options;
        const { runDemo } = await import('../demo.ts');
        const { open = process.stdout.isTTY === true && !terminal.json, checkpoint = shippedCheckpoint(name) } =
          options;
        return runDemo({ ...options, goals, far, rate, headless, open, checkpoint }, terminal);
      }),
    );
