import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { completion } from '../../src/cli/completion.ts';
import { program } from '../../src/cli/program.ts';
import { ended, premotor, start } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'premotor-defaults-'));
const file = join(dir, 'premotor.yaml');
afterEach(() => rmSync(file, { force: true }));

/** What a command would run with, and from where each value came. */
async function config(words: string[], env: Record<string, string> = {}, text?: string) {
  if (text !== undefined) writeFileSync(file, text);
  let printed = '';
  const write = (part: string) => {
    printed += part;
  };
  await program({ env, dir, write })
    .parseAsync(['node', 'premotor', ...words, '--print-config'])
    .catch((error: Error & { exitCode: number }) => {
      if (error.exitCode !== 0) throw error;
    });
  const values = parse(printed) as Record<string, Record<string, unknown>>;
  const from = (name: string) => printed.match(new RegExp(`^ {2}${name}: .* # (.*)$`, 'm'))?.[1];
  return { values: values[words[0]!]!, from };
}

describe('options', () => {
  it('come from the command line, then the environment, then a file, then their defaults', async () => {
    const text = 'train:\n  steps: 11\n  seed: 12\n  batch: 13\n';
    const env = { PREMOTOR_TRAIN_STEPS: '21', PREMOTOR_TRAIN_SEED: '22' };
    const { values, from } = await config(['train', '--steps', '31'], env, text);
    expect(values).toMatchObject({ steps: 31, seed: 22, batch: 13, clip: 4 });
    expect(['steps', 'seed', 'batch', 'clip'].map(from)).toEqual(['command line', 'environment', 'file', 'default']);
  });

  it('of every kind can stand in a file: lists, pairs, flags, names with a dash', async () => {
    const text =
      'train: { channels: [8, 16], auxiliary: { inverse: 1 }, latent-dim: 9, quiet: true }\neval: { vary: { speed: 4 } }';
    const { values } = await config(['train'], {}, text);
    expect(values).toMatchObject({ channels: [8, 16], auxiliary: { inverse: 1 }, latentDim: 9, quiet: true });
    expect((await config(['eval'], {})).values).toMatchObject({ vary: { speed: 4 } });
    const named = join(dir, 'other.json');
    writeFileSync(named, '{ "train": { "steps": 5 } }');
    expect((await config(['train'], { PREMOTOR_CONFIG: named })).values).toMatchObject({ steps: 5 });
  });

  it('that are wrong are said in a line, with where they stand', async () => {
    const refused = (text: string, env = {}) =>
      config(['train'], env, text).then(
        () => 'taken',
        ({ message, hint, exitCode }: Error & { hint?: string; exitCode: number }) =>
          `${exitCode}: ${message} (${hint})`,
      );
    expect(await refused('train: { stepps: 3 }')).toMatch(
      /^3: .*premotor.yaml: train has no option "stepps" \(did you mean steps\?\)/,
    );
    expect(await refused('trian: { steps: 3 }')).toMatch(/^3: .*there is no command "trian" \(did you mean train\?\)/);
    expect(await refused('train: { steps: many }')).toMatch(
      /^3: .*train.steps: --steps must be a whole number of at least 0, got "many"/,
    );
    expect(await refused('train: { quiet: perhaps }')).toMatch(/train.quiet must be true or false, got "perhaps"/);
    expect(await refused('- a\n')).toMatch(/must hold options by command/);
    expect(await refused('train: [1]')).toMatch(/train must hold options by name/);
    expect(await refused('train: {')).toMatch(/is no YAML/);
    expect(await refused('', { PREMOTOR_TRAIN_STEPP: '1' })).toMatch(
      /^2: PREMOTOR_TRAIN_STEPP is no option of train \(did you mean PREMOTOR_TRAIN_STEPS\?\)/,
    );
    expect(await refused('', { PREMOTOR_CONFIG: join(dir, 'gone.yaml') })).toMatch(
      /^3: .*gone.yaml cannot be read: ENOENT/,
    );
  });

  it('are printed by the program itself, which then does nothing', async () => {
    const { code, stdout } = await ended(start(['doctor', '--print-config'], { env: { PREMOTOR_DOCTOR_JSON: '1' } }));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('json: true # environment') });
  });
});

describe('premotor completion', () => {
  it('completes commands and options in bash', async () => {
    const { stdout: script } = await premotor('completion', 'bash');
    const complete = (...words: string[]) =>
      execFileSync('bash', [
        '-c',
        `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _premotor; echo "\${COMPREPLY[@]}"`,
      ])
        .toString()
        .trim();
    expect(complete('premotor', 'rep')).toBe('replay report');
    expect(complete('premotor', 'train', '--critic-f')).toBe('--critic-farthest');
  });

  it('knows every command and option in every shell', () => {
    const root = program({ env: {}, dir, write: () => {} });
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const script = completion(root, shell);
      for (const command of root.commands) {
        expect(script).toContain(command.name());
        for (const { long } of command.options) expect(script).toContain(long!.slice(2));
      }
    }
  });
});
