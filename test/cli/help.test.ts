import { describe, expect, it } from 'vitest';
import { premotor } from './program.ts';

const verbs = [
  'demo',
  'sim',
  'run',
  'record',
  'replay',
  'collect',
  'convert',
  'train',
  'eval',
  'plan',
  'export',
  'import',
  'doctor',
  'report',
  'completion',
] as const;

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout, stderr } = await premotor('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
  });

  it('is what one gets without a word', async () => {
    expect(await premotor()).toEqual(await premotor('--help'));
  });

  it.each(verbs)('of %s documents every option and shows examples', async (verb) => {
    const { code, stdout } = await premotor(verb, '--help');
    expect(code).toBe(0);
    const options = stdout.split('\n').filter((line) => /^ {2}-/.test(line));
    expect(options.length).toBeGreaterThanOrEqual(4);
    for (const line of options) expect(line).toMatch(/^ {2}-.*( {2,}\S|>$)/);
    expect(stdout.match(new RegExp(`\\$ premotor ${verb}`, 'g'))!.length).toBeGreaterThanOrEqual(2);
  });

  it('prints the version of the package', async () => {
    expect((await premotor('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('loads nothing heavy', async () => {
    const { ended, start } = await import('./program.ts');
    const { stderr } = await ended(start(['--help'], { env: { NODE_DEBUG: 'esm' } }));
    expect(stderr).toContain('commander');
    expect(stderr).not.toMatch(/tensorflow|onnxruntime|rxjs|apache-arrow|mathjs|hono|\/zod\//);
  });
});
