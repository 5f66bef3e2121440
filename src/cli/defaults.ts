import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommanderError, type Option } from 'commander';
import { BadConfig, UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** Where options come from besides the command line. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dir: string;
  readonly write: (text: string) => void;
};

/** Looked for in the working folder, unless `PREMOTOR_CONFIG` names another. */
const FILES = ['premotor.yaml', 'premotor.yml', 'premotor.json'];
/** Never a default: they say what is to be shown now. */
const ONCE = ['help', 'printConfig'];

/**
 * Options of a command that are not on its command line come from `PREMOTOR_<COMMAND>_<OPTION>`, then from the command's part of a
 * configuration file, then from its own defaults. `--print-config` prints what came of it, and from where, and does nothing else.
 */
export function withDefaults(root: Command, { env, dir, write }: Surroundings): Command {
  root.hook('preSubcommand', async (_, command) => {
    const path = env.PREMOTOR_CONFIG ?? FILES.map((name) => join(dir, name)).find(existsSync);
    if (path !== undefined) fromFile(command, path, partOf(await parsed(path), path, root, command));
    fromEnvironment(command, env);
  });
  root.hook('preAction', (_, command) => {
    if (command.opts().printConfig !== true) return;
    write(described(command));
    throw new CommanderError(0, 'premotor.printed', '');
  });
  return root;
}

/** What editors know of the file: every command's options, with what they are when nobody tells (JSON Schema, draft 2020-12). */
export function defaultsSchema(root: Command): object {
  const part = (command: Command) => ({
    type: 'object',
    description: command.description(),
    additionalProperties: false,
    properties: Object.fromEntries(
      settable(command).map((option) => [option.attributeName(), schemaOf(option)] as const),
    ),
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'premotor: options by command',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(root.commands.map((command) => [command.name(), part(command)])),
  };
}

function schemaOf(option: Option): object {
  const { description, defaultValue } = option;
  const type = option.isBoolean()
    ? 'boolean'
    : typeof defaultValue === 'number'
      ? 'number'
      : ['string', 'number', 'array', 'object'];
  return { description, type, ...(defaultValue !== undefined && { default: defaultValue }) };
}

const settable = (command: Command): Option[] =>
  command.options.filter((option) => !option.negate && !ONCE.includes(option.attributeName()));

function fromEnvironment(command: Command, env: Surroundings['env']): void {
  const prefix = `PREMOTOR_${upper(command.name())}_`;
  const known = new Map(settable(command).map((option) => [`${prefix}${upper(option.name())}`, option]));
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || !name.startsWith(prefix)) continue;
    const option = known.get(name);
    if (!option) throw new UsageError(`${name} is no option of ${command.name()}`, hinted(name, [...known.keys()]));
    command.setOptionValueWithSource(option.attributeName(), readAs(option, text, name), 'env');
  }
}

function fromFile(command: Command, path: string, part: Readonly<Record<string, unknown>>): void {
  const known = new Map(settable(command).map((option) => [option.attributeName(), option]));
  for (const [name, value] of Object.entries(part)) {
    const option = known.get(name) ?? known.get(camel(name));
    if (!option)
      throw new BadConfig(`${path}: ${command.name()} has no option "${name}"`, hinted(name, [...known.keys()]));
    const where = `${path}: ${command.name()}.${name}`;
    const given = entriesOf(value).reduce<unknown>((before, text) => readAs(option, text, where, before), undefined);
    command.setOptionValueWithSource(option.attributeName(), option.variadic ? entriesOf(value) : given, 'config');
  }
}

/** A value as it would be typed: lists with commas, `name=value` pairs one by one. */
function entriesOf(value: unknown): string[] {
  if (Array.isArray(value))
    return value.some((each) => typeof each === 'string') ? value.map(String) : [value.join(',')];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(
      ([name, each]) => `${name}=${typeof each === 'string' ? each : JSON.stringify(each)}`,
    );
  return [String(value)];
}

/** What the option makes of a text; errors say where it stands. */
function readAs(option: Option, text: string, where: string, before?: unknown): unknown {
  if (option.isBoolean()) {
    if (['true', '1', 'yes'].includes(text)) return true;
    if (['false', '0', 'no', ''].includes(text)) return false;
    throw new BadConfig(`${where} must be true or false, got "${text}"`);
  }
  try {
    return option.parseArg ? option.parseArg(text, before as never) : text;
  } catch (cause) {
    throw new BadConfig(`${where}: ${(cause as Error).message}`, { cause });
  }
}

/** The part of a configuration for a command. Throws `BadConfig` for parts that nobody reads. */
function partOf(whole: unknown, path: string, root: Command, command: Command): Readonly<Record<string, unknown>> {
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
    throw new BadConfig(`${path} must hold options by command, such as "train: { steps: 500 }"`);
  const names = root.commands.map((each) => each.name());
  for (const name of Object.keys(whole))
    if (!names.includes(name)) throw new BadConfig(`${path}: there is no command "${name}"`, hinted(name, names));
  const part = (whole as Record<string, unknown>)[command.name()] ?? {};
  if (typeof part === 'object' && !Array.isArray(part)) return part as Record<string, unknown>;
  throw new BadConfig(`${path}: ${command.name()} must hold options by name, got ${JSON.stringify(part)}`);
}

async function parsed(path: string): Promise<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BadConfig(`${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
  const { parse } = await import('yaml'); // JSON is YAML too
  try {
    return parse(text) ?? {};
  } catch (cause) {
    throw new BadConfig(`${path} is no YAML: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
}

const sources: Readonly<Record<string, string>> = { cli: 'command line', env: 'environment', config: 'file' };

/** YAML of all options that a command would run with, where each came from behind it. */
function described(command: Command): string {
  const lines = settable(command).flatMap((option) => {
    const name = option.attributeName();
    const value = command.getOptionValue(name);
    const source = sources[command.getOptionValueSource(name) ?? ''] ?? 'default';
    return value === undefined ? [] : [`  ${name}: ${JSON.stringify(value)} # ${source}`];
  });
  return `${command.name()}:\n${lines.join('\n')}\n`;
}

const upper = (name: string) => name.replaceAll('-', '_').toUpperCase();
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function hinted(name: string, known: readonly string[]): { hint?: string } {
  const meant = nearest(name, known);
  return meant === undefined ? {} : { hint: `did you mean ${meant}?` };
}
