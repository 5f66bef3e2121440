import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { lastLine, premotor, root } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const weights = join(root, 'test/fixtures/lewm/weights.safetensors');
const facts = {
  task: 'pusht',
  periodMs: 100,
  action: { mean: [0, 0], std: [1, 1], low: [-9, -9], high: [9, 9] },
  sizes: {
    ...{ imageSize: 28, width: 32, layers: 2, heads: 2, hidden: 48, projector: 40 },
    ...{ predictorLayers: 2, predictorHeads: 2, headSize: 24, predictorHidden: 40 },
  },
};
writeFileSync(at('facts.json'), JSON.stringify(facts));

it('imports a state dict of LeWM as a checkpoint, and exports that as ONNX files', async () => {
  const imported = await premotor(
    'import',
    'lewm',
    weights,
    '--config',
    at('facts.json'),
    '--out',
    at('lewm'),
    '--json',
  );
  expect(imported.stderr).toBe('');
  expect(lastLine(imported.stdout)).toMatchObject({ checkpoint: at('lewm'), tensors: 91 });
  expect(loadCheckpoint(at('lewm')).config.encoder).toMatchObject({ name: 'vit', layers: 2 });

  const exported = await premotor('export', '--checkpoint', at('lewm'), '--onnx', at('onnx'), '--samples', '4');
  expect(exported.stderr).toBe('');
  expect(exported.stdout).toMatch(/encoder\.onnx .* pixels \[1, 28, 28, 3\] -> latent \[1, 32\]/);
  for (const name of ['encoder', 'rollout', 'cost']) expect(existsSync(at(`onnx/${name}.onnx`))).toBe(true);
  expect(JSON.parse(readFileSync(at('onnx/interface.json'), 'utf8'))).toMatchObject({
    task: 'pusht',
    action: facts.action,
    graphs: { cost: { outputs: { costs: [4] } } },
  });
  const again = await premotor('export', '--checkpoint', at('lewm'), '--onnx', at('onnx'));
  expect([again.code, again.stderr]).toEqual([2, `error: ${at('onnx')} exists\nhint: name a new folder\n`]);
});

it('writes a checkpoint at half its size, whose weights are the same but for rounding', async () => {
  await premotor('import', 'lewm', weights, '--config', at('facts.json'), '--out', at('whole'));
  const shipped = at('whole');
  const { stderr, stdout } = await premotor('export', '--checkpoint', shipped, '--half', at('half'));
  expect([stderr, stdout]).toEqual(['', `checkpoint in half precision in ${at('half')}\n`]);
  const size = (dir: string) => statSync(join(dir, 'model.safetensors')).size;
  expect(size(at('half')) / size(shipped)).toBeCloseTo(0.5, 1);
  const [before, after] = [loadCheckpoint(shipped), loadCheckpoint(at('half'))];
  expect(after.config).toEqual(before.config);
  for (const [name, data] of Object.entries(after.params)) {
    const far = data.findIndex((x, i) => Math.abs(x - before.params[name]![i]!) > Math.max(1e-6, Math.abs(x) / 1000));
    expect(far, name).toBe(-1);
  }
  const neither = await premotor('export', '--checkpoint', shipped);
  expect([neither.code, neither.stderr]).toEqual([2, 'error: export needs --onnx or --half, got neither\n']);
});

it('refuses a state dict of another size, naming what is wrong, and leaves nothing', async () => {
  writeFileSync(at('published.json'), JSON.stringify({ ...facts, sizes: undefined }));
  const { code, stderr } = await premotor(
    'import',
    'lewm',
    weights,
    '--config',
    at('published.json'),
    '--out',
    at('no'),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: .*weights\.safetensors: not the 303 tensors of LeWM: 212 missing \(.*\nhint: .*\n$/);
  expect(existsSync(at('no'))).toBe(false);
});

it('refuses a configuration that does not say what it must, and a file that is none', async () => {
  writeFileSync(at('half.json'), JSON.stringify({ task: 'pusht' }));
  const half = await premotor('import', 'lewm', weights, '--config', at('half.json'), '--out', at('no'));
  expect([half.code, half.stderr]).toEqual([3, expect.stringMatching(/^error: .*half\.json: .*periodMs/)]);
  const none = await premotor('import', 'lewm', at('half.json'), '--config', at('facts.json'), '--out', at('no'));
  expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/^error: .*half\.json: header length/)]);
});
