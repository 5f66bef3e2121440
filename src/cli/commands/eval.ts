import { oneOf } from '../../nearest.ts';
import { seedList, variations, whole } from '../options.ts';
import { shippedCheckpoint } from '../package-root.ts';
import { type PlanningSettings, planningOf, withPlanning } from '../planning-options.ts';
import { verb, work } from '../verb.ts';

type Options = {
  readonly task: string;
  readonly protocol: string;
  readonly episodes: number;
  readonly seed: number;
  readonly policy: string;
  readonly checkpoint?: string;
  readonly data?: string;
  readonly iterations?: number;
  readonly vary?: Readonly<Record<string, unknown>>;
  readonly replan?: number;
  readonly engine?: string;
  readonly threads?: number;
  readonly records?: string;
  readonly unguarded?: boolean;
  readonly violations?: boolean;
  readonly all?: boolean;
  readonly varied?: boolean;
  readonly inWords?: boolean;
  readonly seeds?: readonly number[];
  readonly table?: string;
} & PlanningSettings;
export type EvalOptions = Options;

/** `premotor eval`: how often the goal is reached, with a random policy beside it. */
export const evalCommand = () =>
  withPlanning(
    verb({
      name: 'eval',
      summary: 'measure how often the agent reaches goals from episodes never trained on',
      examples: [
        'eval --task two-room --protocol clear-strict --episodes 100 --seed 7',
        'eval --protocol historical --checkpoint runs/mine/checkpoint --json',
        'eval --task diff-drive --policy expert',
        'eval --policy random --episodes 500',
        'eval --task two-room --vary colour,noise',
        'eval --task pusht --all --episodes 100 --table pusht.md',
        'eval --task pusht --violations --episodes 100',
        'eval --task pusht --in-words --episodes 100',
      ],
    }),
  )
    .option('-t, --task <name>', 'what to do', 'two-room')
    .option(
      '--protocol <name>',
      'which pairs, and what counts: historical, clear-moderate, clear-strict or, of some tasks, far',
      'historical',
    )
    .option('-n, --episodes <count>', 'pairs of start and goal', whole('--episodes', { min: 1 }), 100)
    .option('-s, --seed <number>', 'draws the pairs, and every random choice', whole('--seed'), 42)
    .option('--policy <name>', 'plan; expert (sees the true state) or random alone, without a model', 'plan')
    .option('-c, --checkpoint <dir>', 'the model (default: the one that ships for the task)')
    .option(
      '-d, --data <dir>',
      'episodes to take pairs from (default: the expert, recorded afresh with seeds kept for this)',
    )
    .option(
      '--vary <variation>',
      'name=value, or names to be drawn anew for every episode (colour,noise); may be given many times',
      variations('--vary'),
    )
    .option(
      '--in-words',
      'tell the agent in words what holds of the goal, instead of showing it; what counts is that it holds',
    )
    .option('--iterations <count>', 'refinements in a plan', whole('--iterations', { min: 1 }))
    .option('--unguarded', 'plan as if there were no --keep-out and --keep-in, and count what enters it all the same')
    .option('--replan <steps>', 'control steps between two plans', whole('--replan', { min: 1 }))
    .option('--engine <name>', 'what computes; see premotor doctor')
    .option(
      '--threads <count>',
      'threads of the engine (default: 1, in WebAssembly 2)',
      whole('--threads', { min: 1, max: 256 }),
    )
    .option('--violations', 'instead: how surprised the model is by a teleport and by other colours, frame by frame')
    .option('--all', 'every protocol, by chance, by the expert, and by reflex, search and both (or by --mode): a table')
    .option(
      '--varied',
      'with --all: clear-moderate also with colour, noise, camera, ... drawn anew for every episode, one by one',
    )
    .option('--seeds <list>', 'with --all: these seeds together, e.g. 0,1,42', seedList)
    .option(
      '--table <file>',
      'with --all: write the table there, as Markdown; interrupted, the same command again goes on',
    )
    .option('--records <file>', 'write one JSON line an episode')
    .action(
      work<Options>(async (options, terminal) => {
        const { findTask } = await import('../../../sim/tasks.ts');
        const { protocols, name } = findTask(options.task);
        oneOf('--protocol', options.protocol, Object.keys(protocols));
        oneOf('--policy', options.policy, ['plan', 'expert', 'random']);
        planningOf(options);
        const given = { ...options, checkpoint: options.checkpoint ?? shippedCheckpoint(name) };
        if (options.violations) return (await import('../eval-violations.ts')).evaluateViolations(given, terminal);
        if (options.all) return (await import('../eval-all.ts')).evaluateAll(given, terminal);
        const { evaluate } = await import('../eval.ts');
        return evaluate(given, terminal);
      }),
    );
