import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { lastLine, premotor } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-frozen-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const heads = ['--critic-steps', '20', '--ensemble-steps', '20', '--reflex-steps', '20', '--batch', '16'];
const train = (out: string, ...more: string[]) =>
  premotor('train', '--data', at('data'), '--out', at(out), '--encoder', 'onnx', '--steps', '60', ...heads, ...more);

describe('a pretrained encoder', () => {
  beforeAll(async () => {
    expect((await premotor('collect', '--episodes', '24', '--out', at('data'))).code).toBe(0);
    expect((await premotor('export', '--checkpoint', 'checkpoints/two-room', '--onnx', at('onnx'))).code).toBe(0);
  });

  it('is planned with in place of one learnt here, and travels in the checkpoint', async () => {
    const made = await train('run', '--encoder-file', at('onnx/encoder.onnx'), '--encoder-scale', 'bytes');
    expect({ code: made.code, stderr: made.stderr.slice(-400) }).toMatchObject({ code: 0 });
    const { config, params } = loadCheckpoint(at('run/checkpoint'));
    expect(config.encoder).toMatchObject({ name: 'onnx', latentDim: 64, file: at('run/checkpoint/encoder.onnx') });
    const { landmarks } = params;
    const square = landmarks!.reduce((sum, value) => sum + value ** 2, 0) / landmarks!.length;
    expect(square).toBeGreaterThan(0.8); // brought to mean 0 and spread 1
    expect(square).toBeLessThan(1.2);
    rmSync(at('onnx/encoder.onnx'));
    const found = await premotor('eval', '--checkpoint', at('run/checkpoint'), '--episodes', '6', '--json');
    expect(lastLine(found.stdout)).toMatchObject({ episodes: 6 });
    const json = lastLine(found.stdout) as { success: number; random: number };
    expect(json.success).toBeGreaterThan(json.random); // sixty steps on latents that are good already
  });

  it('is refused in a line where it does not fit', async () => {
    const refused = async (...more: string[]) => {
      const { code, stderr } = await train(`no-${more.length}`, ...more);
      expect(code).toBe(2);
      return stderr;
    };
    writeFileSync(at('text.onnx'), 'no graph');
    expect(await refused()).toContain('encoder onnx needs --encoder-file');
    expect(await refused('--encoder-file', at('text.onnx'))).toContain('is no ONNX graph that can be opened');
    expect(await refused('--encoder-file', at('onnx/cost.onnx'))).toContain('must take one square picture');
    expect(await refused('--encoder-file', at('missing.onnx'))).toContain('cannot be read: ENOENT');
    expect(await refused('--encoder-file', at('text.onnx'), '--encoder-scale', 'imagnet')).toContain('imagenet');
  });
});
