import { type Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { whole } from './options.ts';

/** Where the page is, and who may look on. */
export type PageSettings = {
  readonly headless?: boolean;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly metrics?: boolean | undefined;
  readonly foxglove?: number | undefined;
};

/** Adds the options to a command. */
export function withPage(command: Command): Command {
  const most = { max: 65_535 };
  const options = [
    new Option('--headless', 'no page'),
    new Option(
      '--host <address>',
      'serve the page at this address, to other machines too: who has the token may act, or look on',
    ),
    new Option('--port <number>', 'port of the page (default: 4173 or the next free one)').argParser(
      whole('--port', most),
    ),
    new Option('--metrics', 'let Prometheus read numbers at /metrics of the page'),
    new Option('--foxglove <port>', 'let Foxglove look on at this port (8765 is usual)').argParser(
      whole('--foxglove', most),
    ),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** Refuses onlookers where there is no page that tells them. */
export function requirePage({ headless, metrics, foxglove }: PageSettings): void {
  const asked = metrics ? '--metrics' : foxglove === undefined ? undefined : '--foxglove';
  if (headless && asked) throw new UsageError(`${asked} needs the page`, { hint: 'leave --headless away' });
}
