import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { premotor } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-usage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wrong = (name: string) => join(folder, name);

/** Command line, exit code, what stderr says. Every one is at most two lines, and nothing comes out of stdout. */
const cases: readonly (readonly [args: readonly string[], code: number, said: RegExp])[] = [
  [['colect'], 2, /^error: unknown command 'colect'\nhint: did you mean collect\?\n$/],
  [['collect', '--episods', '3'], 2, /^error: unknown option '--episods'\nhint: did you mean --episodes\?\n$/],
  [['collect', '--episodes', 'x'], 2, /^error: --episodes must be a whole number above 0, got "x"\n$/],
  [['collect', '--episodes', '0'], 2, /^error: --episodes must be a whole number above 0, got "0"\n$/],
  [['collect', '--episodes'], 2, /argument missing/],
  [['collect', 'here'], 2, /^error: too many arguments/],
  [['collect', '--task', 'two-rom', '--out', wrong('a')], 2, /two-rom.*\nhint: did you mean '?two-room'?\?\n$/],
  [['collect', '--policy', 'exprt', '--out', wrong('b')], 2, /exprt/],
  [['collect', '--vary', 'colour=red', '--episodes', '1', '--out', wrong('c')], 2, /colour/],
  [
    ['collect', '--vary', 'sped', '--out', wrong('d')],
    2,
    /two-room has no variation 'sped'\nhint: did you mean 'speed'/,
  ],
  [['eval', '--protocol', 'clear-strickt'], 2, /clear-strickt"\nhint: did you mean clear-strict\?\n$/],
  [['eval', '--max-spread', 'atuo'], 2, /^error: --max-spread must be auto or a number above 0, got "atuo"\n$/],
  [['eval', '--max-rate', '-1'], 2, /--max-rate must be a number/],
  [['completion', 'bsh'], 2, /^error: shell must be one of bash, zsh, fish, got "bsh"\nhint: did you mean bash\?\n$/],
  [['eval', '--planner', 'cemm'], 2, /cemm"\nhint: did you mean cem\?\n$/],
  [['eval', '--mode', 'refle'], 2, /refle"\nhint: did you mean reflex\?\n$/],
  [['eval', '--vary', 'colur'], 2, /colur.*\nhint: did you mean '?colour'?\?\n$/],
  [
    ['train', '--auxiliary', 'inverse', '--out', wrong('h')],
    2,
    /^error: --auxiliary must be given as name=weight, got "inverse"\n$/,
  ],
  [['train', '--encoder', 'convv', '--out', wrong('i')], 2, /convv"\nhint: did you mean conv\?\n$/],
  [['collect', '--gym', 'here', '--out', wrong('j')], 2, /^error: --gym must be HOST:PORT or PORT, got "here"\nhint: /],
  [['eval', '--task', 'pusth'], 2, /pusth.*\nhint: did you mean '?pusht'?\?\n$/],
  [
    ['eval', '--task', 'pusht', '--checkpoint', 'checkpoints/two-room'],
    2,
    /^error: the checkpoint in checkpoints\/two-room must be of pusht, got one of two-room\nhint: .*--task two-room\n$/,
  ],
  [
    ['demo', '--task', 'reacher', '--headless', '--checkpoint', 'checkpoints/two-room'],
    2,
    /must be of reacher, got one of two-room/,
  ],
  [['eval', '--episodes', '1', '--checkpoint', wrong('none')], 1, /^error: checkpoint .*none.*\nhint: /],
  [['demo', '--headless', '--checkpoint', wrong('none')], 1, /^(.*\n)?error: .*none.*\nhint: /],
  [['demo', '--goals', '3', '--far', '4', '--headless'], 2, /^error: --far must be at most --goals \(3\), got 4\n$/],
  [['demo', '--headless', '--metrics'], 2, /^error: --metrics needs the page\nhint: leave --headless away\n$/],
  [['demo', '--port', '70000'], 2, /^error: --port must be a whole number from 0 to 65535, got "70000"\n$/],
  [['train', '--data', wrong('none'), '--out', wrong('e')], 1, /^error: .*none.*\nhint: /],
  [['train', '--objective', 'sigregg', '--out', wrong('f')], 2, /sigregg"\nhint: did you mean sigreg\?\n$/],
  [['train', '--resume', '--out', wrong('g')], 2, /^error: there is no run to resume in .*\nhint: /],
];

describe('wrong use', () => {
  it.each(cases)('%j ends with code %i and says so in a line', async (args, code, said) => {
    const ended = await premotor(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });

  it('shows the stack with --debug only', async () => {
    const { stderr } = await premotor('train', '--data', wrong('none'), '--out', wrong('h'), '--debug');
    expect(stderr).toMatch(/\n\s+at /);
  });

  it('says that a port is taken, and touches nothing', async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const { code, stdout, stderr } = await premotor('demo', '--no-open', '--port', String(port));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^error: port ${port} is taken\\nhint: .*--port`));
    } finally {
      taken.close();
    }
  });
});
