import { Command } from 'commander';
import { type Progress, progress } from './progress.ts';
import { reportError } from './report-error.ts';

/** What every command is given besides its options. */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Aborted by the first Ctrl-C: finish cleanly. */
  readonly signal: AbortSignal;
  progress(label: string, unit: string): Progress;
  /** A line for a person; never on stdout when that is for a machine. */
  say(line: string): void;
}

/** What a command has to tell: an object for `--json`, lines for a person. */
export type Outcome = { readonly json: object; readonly summary: readonly string[]; readonly ok?: boolean };

type Global = { json?: boolean; quiet?: boolean; debug?: boolean };
type Description = { readonly name: string; readonly summary: string; readonly examples: readonly string[] };

/** A command with the options that all have in common. */
export function verb({ name, summary, examples }: Description): Command {
  return new Command(name)
    .description(summary)
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print one JSON object as the last line of stdout')
    .option('-q, --quiet', 'no progress, only the result')
    .option('--debug', 'print stack traces')
    .option('--print-config', 'print all options with what they are and where from, and do nothing else')
    .allowExcessArguments(false)
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ premotor ${line}`).join('\n')}`);
}

/** Runs a command's work: interrupts, output, errors and exit code. */
export function work<Options>(run: (options: Options, terminal: Terminal) => Promise<Outcome>) {
  return async (options: Options & Global): Promise<void> => {
    const { json = false, quiet = false, debug = false, ...asked } = options;
    const interrupt = interruptible();
    const terminal: Terminal = {
      json,
      quiet,
      signal: interrupt.signal,
      progress: (label, unit) => progress({ label, unit, quiet }),
      say: (line) => void (quiet || process.stderr.write(`${line}\n`)),
    };
    if (json) console.log = console.info = console.error; // stdout is for one object
    try {
      const outcome = await run(asked as Options, terminal);
      process.exitCode = interrupt.code() ?? (outcome.ok === false ? 1 : 0);
      const text = json ? JSON.stringify(outcome.json) : outcome.summary.join('\n');
      if (text) process.stdout.write(`${text}\n`);
    } catch (error) {
      if (interrupt.signal.aborted && isAbort(error, interrupt.signal)) terminal.say('stopped');
      else process.exitCode = reportError(error, { debug });
      process.exitCode = interrupt.code() ?? process.exitCode ?? 1;
    } finally {
      interrupt.dispose();
    }
  };
}

const isAbort = (error: unknown, signal: AbortSignal) =>
  error === signal.reason || (error instanceof Error && error.name === 'AbortError');

/** The first Ctrl-C asks for a clean end, the second ends at once. */
function interruptible() {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let code: number | undefined;
  const stop = (name: NodeJS.Signals) => {
    if (code !== undefined) process.exit(code);
    code = codes[name as keyof typeof codes];
    process.stderr.write('\nstopping cleanly; press Ctrl-C again to stop at once\n');
    controller.abort();
  };
  for (const name of Object.keys(codes)) process.on(name, stop);
  return {
    signal: controller.signal,
    code: () => code,
    dispose: () => {
      for (const name of Object.keys(codes)) process.off(name, stop);
    },
  };
}
