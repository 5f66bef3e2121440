import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeSafetensors } from '../../src/data/safetensors.ts';
import { DamagedCheckpoint } from '../../src/errors.ts';
import { loadCheckpoint, saveCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { tinyConfig, tinyParams } from '../support/tiny-model.ts';

const root = mkdtempSync(join(tmpdir(), 'premotor-checkpoint-'));
const config = tinyConfig({ critic: true });
const params = tinyParams(config);
const whole = join(root, 'whole');
beforeAll(() => saveCheckpoint(whole, { config, params }, '# card\n'));
afterAll(() => rmSync(root, { recursive: true }));

/** A copy to harm. */
function harmed(harm: (dir: string) => void): () => unknown {
  const dir = mkdtempSync(join(root, 'harmed-'));
  cpSync(whole, dir, { recursive: true });
  harm(dir);
  return () => loadCheckpoint(dir);
}

it('gives back what was saved, to the bit, with its card beside it', () => {
  const loaded = loadCheckpoint(whole);
  expect(loaded.config).toEqual(config);
  for (const [name, values] of Object.entries(params)) expect(loaded.params[name]).toEqual(values);
  expect(readFileSync(join(whole, 'README.md'), 'utf8')).toBe('# card\n');
});

it('replaces a checkpoint whole, and finishes a replacement that was cut off', () => {
  const dir = join(root, 'again');
  saveCheckpoint(dir, { config, params }, 'one');
  saveCheckpoint(dir, { config: { ...config, task: 'other' }, params }, 'two');
  expect(loadCheckpoint(dir).config.task).toBe('other');
  renameSync(dir, `${dir}.old`); // killed between the two renames
  expect(loadCheckpoint(dir).config.task).toBe('other');
  expect(existsSync(`${dir}.old`)).toBe(false);
});

it.each([
  ['a missing folder', (dir: string) => rmSync(dir, { recursive: true }), 'config.json cannot be read (ENOENT)'],
  [
    'a missing file',
    (dir: string) => rmSync(join(dir, 'model.safetensors')),
    'model.safetensors cannot be read (ENOENT)',
  ],
  [
    'a truncated file',
    (dir: string) => truncateSync(join(dir, 'model.safetensors'), 5000),
    'does not match its checksum',
  ],
  ['an empty file', (dir: string) => truncateSync(join(dir, 'model.safetensors'), 0), 'does not match its checksum'],
  ['a flipped bit', (dir: string) => flip(join(dir, 'model.safetensors'), 9999), 'does not match its checksum'],
  ['an edited configuration', (dir: string) => flip(join(dir, 'config.json'), 40), 'does not match its checksum'],
  [
    'a manifest that is not JSON',
    (dir: string) => writeFileSync(join(dir, 'manifest.json'), '{'),
    'manifest.json is not JSON',
  ],
])('refuses %s', (_, harm, reason) => {
  expect(harmed(harm)).toThrow(DamagedCheckpoint);
  expect(harmed(harm)).toThrow(reason);
});

it('refuses weights of another shape and weights that are not finite, though their checksums agree', () => {
  const dir = join(root, 'odd');
  const bad = { ...params, 'encoder.c0.b': Float32Array.of(1, Number.NaN, 0, 0, 0, 0, 0, 0) };
  saveCheckpoint(dir, { config, params: bad }, '');
  expect(() => loadCheckpoint(dir)).toThrow('encoder.c0.b holds a value that is not a finite number');
  const wide = { ...config, encoder: { ...config.encoder, hidden: 9 } };
  expect(() => saveCheckpoint(dir, { config: wide, params: tinyParams(wide) }, '')).not.toThrow();
  expect(loadCheckpoint(dir).params['encoder.hidden.b']!.length).toBe(9);
});

it('does not save a checkpoint that lacks a weight', () => {
  const { 'probe.b': _, ...rest } = params;
  expect(() => saveCheckpoint(join(root, 'lacking'), { config, params: rest }, '')).toThrow(
    'checkpoint must hold probe.b',
  );
  expect(existsSync(join(root, 'lacking'))).toBe(false);
});

it('says which file cannot be written, and leaves nothing half-written', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => saveCheckpoint(join(root, 'file', 'under'), { config, params }, '')).toThrow(/cannot write .*under/);
});

it('keeps the header readable by other tools', () => {
  const file = encodeSafetensors({ a: { shape: [2], data: Float32Array.of(1, 2) } });
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))).a).toEqual({
    dtype: 'F32',
    shape: [2],
    data_offsets: [0, 8],
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 4;
  writeFileSync(path, bytes);
}
