import { CommanderError } from 'commander';
import pc from 'picocolors';
import { PremotorError, UsageError } from '../errors.ts';

/** What went wrong, for the user: one line and maybe a hint. Returns the exit code. */
export function reportError(
  error: unknown,
  { debug = false, write = (text: string) => void process.stderr.write(text) } = {},
): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // help or version
  const { message, hint, exitCode } = explain(error);
  write(`${pc.red('error:')} ${message}\n`);
  if (hint) write(`${pc.cyan('hint:')} ${hint}\n`);
  if (debug && error instanceof Error) write(`${stacks(error)}\n`);
  return exitCode;
}

type Explanation = { readonly message: string; readonly hint: string | undefined; readonly exitCode: number };

function explain(error: unknown): Explanation {
  if (error instanceof CommanderError) return explain(usage(error));
  const message = oneLine(error instanceof Error ? error.message : String(error));
  if (error instanceof PremotorError)
    return { message, hint: error.hint && oneLine(error.hint), exitCode: error.exitCode };
  if (isOption(error)) return { message, hint: undefined, exitCode: 2 };
  const system = (error as NodeJS.ErrnoException | undefined)?.code;
  if (system === 'ENOSPC')
    return { message, hint: 'the disk is full: free some space and run the same command again', exitCode: 1 };
  if (system === 'EACCES')
    return { message, hint: 'the file or folder cannot be opened with these rights', exitCode: 1 };
  return { message, hint: 'run again with --debug for the details', exitCode: 1 };
}

/** An impossible option, refused where it was read: our errors of this kind say what a value must be, and have no code. */
const isOption = (error: unknown) =>
  (error instanceof TypeError || error instanceof RangeError) &&
  /\bmust be\b/.test(error.message) &&
  !('code' in error);

/** Commander's "error: unknown option '--x'\n(Did you mean --y?)" as one line and a hint. */
function usage(error: CommanderError): UsageError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const guess = rest.join(' ').match(/\((Did you mean .*)\)/)?.[1];
  return new UsageError(first, {
    hint: guess?.replace(/^Did/, 'did') ?? 'run the command with --help to see its options',
  });
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');

function stacks(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stacks(error.cause)}` : own;
}
