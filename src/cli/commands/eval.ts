import { MODES } from '../../agent/mind-module.ts';
import type { CostChoice } from '../../planner/costs.ts';
import type { KeepOut } from '../../planner/guardrails/keep-out.ts';
import { planners } from '../../planner/planners.ts';
import { costChoice, discs, oneOf, seedList, variations, whole } from '../options.ts';
import { shippedCheckpoint } from '../package-root.ts';
import { verb, work } from '../verb.ts';

type Options = {
  readonly task: string;
  readonly protocol: string;
  readonly episodes: number;
  readonly seed: number;
  readonly policy: string;
  readonly checkpoint?: string;
  readonly data?: string;
  readonly samples?: number;
  readonly elites?: number;
  readonly iterations?: number;
  readonly horizon?: number;
  readonly cost?: CostChoice;
  readonly vary?: Readonly<Record<string, unknown>>;
  readonly mode?: string;
  readonly keepOut?: readonly KeepOut[];
  readonly planner?: string;
  readonly replan?: number;
  readonly engine?: string;
  readonly threads?: number;
  readonly records?: string;
  readonly violations?: boolean;
  readonly all?: boolean;
  readonly seeds?: readonly number[];
  readonly table?: string;
};
export type EvalOptions = Options;

/** `premotor eval`: how often the goal is reached, with a random policy beside it. */
export const evalCommand = () =>
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
    ],
  })
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
    .option('--samples <count>', 'candidates in a refinement', whole('--samples', { min: 2 }))
    .option('--elites <count>', 'candidates kept', whole('--elites', { min: 2 }))
    .option('--iterations <count>', 'refinements in a plan', whole('--iterations', { min: 1 }))
    .option('--horizon <blocks>', 'how far a plan looks ahead', whole('--horizon', { min: 1 }))
    .option(
      '--cost <what>',
      'auto, last, sum or critic; or weights of last, sum, critic, spread, effort, smoothness: critic=1,effort=0.1',
      costChoice,
    )
    .option('--planner <name>', 'cem, icem, mppi, predictive or gradient')
    .option('--mode <name>', 'auto, plan (search alone) or reflex (no search)')
    .option(
      '--keep-out <x,y,radius>',
      'a disc of the picture (sides of it) that no plan may lead into; may be given many times',
      discs('--keep-out'),
    )
    .option('--replan <steps>', 'control steps between two plans', whole('--replan', { min: 1 }))
    .option('--engine <name>', 'what computes; see premotor doctor')
    .option(
      '--threads <count>',
      'threads of the engine (default: 1, in WebAssembly 2)',
      whole('--threads', { min: 1, max: 256 }),
    )
    .option('--violations', 'instead: how surprised the model is by a teleport and by other colours, frame by frame')
    .option('--all', 'every protocol, by chance, by the expert, and by reflex, search and both (or by --mode): a table')
    .option('--seeds <list>', 'with --all: these seeds together, e.g. 0,1,42', seedList)
    .option('--table <file>', 'with --all: write the table there, as Markdown')
    .option('--records <file>', 'write one JSON line an episode')
    .action(
      work<Options>(async (options, terminal) => {
        const { findTask } = await import('../../../sim/tasks.ts');
        const { protocols, name } = findTask(options.task);
        oneOf('--protocol', options.protocol, Object.keys(protocols));
        oneOf('--policy', options.policy, ['plan', 'expert', 'random']);
        if (options.mode !== undefined) oneOf('--mode', options.mode, MODES);
        if (options.planner !== undefined) oneOf('--planner', options.planner, Object.keys(planners));
        const given = { ...options, checkpoint: options.checkpoint ?? shippedCheckpoint(name) };
        if (options.violations) return (await import('../eval-violations.ts')).evaluateViolations(given, terminal);
        if (options.all) return (await import('../eval-all.ts')).evaluateAll(given, terminal);
        const { evaluate } = await import('../eval.ts');
        return evaluate(given, terminal);
      }),
    );
