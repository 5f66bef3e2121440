import { type Command, Option } from 'commander';
import { type MindModuleOptions, MODES } from '../agent/mind-module.ts';
import { oneOf } from '../nearest.ts';
import type { CostChoice } from '../planner/costs.ts';
import type { KeepOut } from '../planner/guardrails/keep-out.ts';
import { planners } from '../planner/planners.ts';
import { costChoice, decimal, discs, limit, whole } from './options.ts';

/** How plans are made, as every command that plans can be told. */
export type PlanningSettings = {
  readonly mode?: string;
  readonly planner?: string;
  readonly cost?: CostChoice;
  readonly samples?: number;
  readonly elites?: number;
  readonly horizon?: number;
  readonly subgoals?: boolean;
  readonly keepOut?: readonly KeepOut[];
  readonly keepIn?: number;
  readonly maxSpread?: number | 'auto';
  readonly maxRate?: number;
};

/** Adds the options to a command. */
export function withPlanning(command: Command): Command {
  const options = [
    new Option('--mode <name>', 'auto, plan (search alone) or reflex (no search)'),
    new Option('--planner <name>', 'cem, icem, mppi, predictive or gradient'),
    new Option(
      '--cost <what>',
      'auto, last, sum, critic or arrival; or weights of these, of spread, effort, smoothness: arrival=1,effort=0.1',
    ).argParser(costChoice),
    new Option('--samples <count>', 'candidates in a refinement').argParser(whole('--samples', { min: 2 })),
    new Option('--elites <count>', 'candidates kept').argParser(whole('--elites', { min: 2 })),
    new Option('--horizon <blocks>', 'how far a plan looks ahead').argParser(whole('--horizon', { min: 1 })),
    new Option('--subgoals', 'aim at remembered moments on the way where the goal is beyond the horizon'),
    new Option(
      '--keep-out <x,y,radius>',
      'a disc of the picture (sides of it) that no plan may lead into; may be given many times',
    ).argParser(discs('--keep-out')),
    new Option(
      '--keep-in <margin>',
      'no plan may lead nearer to the edges of the picture than this, sides of it (0: any may; default: as the checkpoint says)',
    ).argParser(decimal('--keep-in', { min: 0, max: 0.4 })),
    new Option(
      '--max-spread <limit>',
      'no plan may hold a step that the ensemble disagrees about more than this (auto: as 1 % of ordinary ones)',
    ).argParser(limit('--max-spread', ['auto'])),
    new Option(
      '--max-rate <change>',
      'the most that a number of an action may change from one control step to the next',
    ).argParser(decimal('--max-rate', { min: 1e-9 })),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** The same as a mind is opened with; throws `UsageError` for names nobody knows. */
export function planningOf(settings: PlanningSettings): Omit<MindModuleOptions, 'checkpoint'> {
  const { mode, planner, cost, samples, elites, horizon, subgoals, keepOut, keepIn, maxSpread, maxRate } = settings;
  if (mode !== undefined) oneOf('--mode', mode, MODES);
  if (planner !== undefined) oneOf('--planner', planner, Object.keys(planners));
  return {
    mode: mode as MindModuleOptions['mode'],
    planner: planner as MindModuleOptions['planner'],
    ...{ cost, samples, elites, horizon, subgoals, keepOut, keepIn, maxSpread, maxRate },
  };
}
