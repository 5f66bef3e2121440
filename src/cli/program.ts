import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { collectCommand } from './commands/collect.ts';
import { completionCommand } from './commands/completion.ts';
import { convertCommand } from './commands/convert.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evalCommand } from './commands/eval.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { planCommand } from './commands/plan.ts';
import { recordCommand } from './commands/record.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { simCommand } from './commands/sim.ts';
import { trainCommand } from './commands/train.ts';
import { type Surroundings, withDefaults } from './defaults.ts';
import { packageRoot } from './package-root.ts';

/** The whole command line. Commands load what they need when they run, so that `--help` is quick. */
export function program(surroundings: Surroundings): Command {
  const { version, description } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
    description: string;
  };
  const root = new Command('premotor').description(description).version(version, '-V, --version', 'print the version');
  root.helpOption('-h, --help', 'print this help').helpCommand('help [command]', 'print help for a command');
  const commands = [
    demoCommand(),
    collectCommand(),
    convertCommand(),
    trainCommand(),
    evalCommand(),
    planCommand(),
    exportCommand(),
    importCommand(),
    simCommand(),
    runCommand(),
    recordCommand(),
    replayCommand(),
    reportCommand(),
    doctorCommand(),
    completionCommand(),
  ];
  for (const command of commands) root.addCommand(command);
  for (const command of [root, ...commands]) {
    command.exitOverride();
    command.configureOutput({ writeErr: () => {} }); // the error funnel writes
  }
  root.addHelpText(
    'after',
    '\nRun `premotor <command> --help` for its options and examples. Options may stand in premotor.yaml (`train: { steps: 500 }`) or\nin the environment (`PREMOTOR_TRAIN_STEPS=500`) as well; `--print-config` says what comes of it.',
  );
  return withDefaults(root, surroundings);
}
