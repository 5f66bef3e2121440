import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { recoverFolder, replaceFolder } from '../data/atomic.ts';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from '../data/safetensors.ts';
import { DamagedCheckpoint } from '../errors.ts';
import { checkpointShapes, type ModelConfig, modelConfig } from './model.ts';

/** A trained model at rest: what it is, its weights, and the SHA-256 of them. */
export type Checkpoint = {
  readonly config: ModelConfig;
  readonly params: Readonly<Record<string, Float32Array>>;
  readonly hash: string;
};

const FILES = ['config.json', 'model.safetensors'] as const;
/** A frozen encoder's graph, where there is one. */
const GRAPH = 'encoder.onnx';
const manifestFormat = z.strictObject({ files: z.record(z.string(), z.string()) });

/**
 * Writes `config.json`, `model.safetensors` (with `half` in half precision), the model card `README.md` and their checksums, all or
 * nothing.
 */
export function saveCheckpoint(
  dir: string,
  { config, params }: Omit<Checkpoint, 'hash'>,
  card: string,
  { half = false } = {},
): void {
  const shapes = checkpointShapes(config);
  const arrays = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      if (params[name] === undefined) throw new RangeError(`checkpoint must hold ${name}`);
      return [name, { shape, data: params[name] }];
    }),
  ) as NamedArrays;
  const { encoder } = config;
  const stored = encoder.name === 'onnx' ? { ...config, encoder: { ...encoder, file: GRAPH } } : config;
  const files: Record<string, Uint8Array | string> = {
    'config.json': `${JSON.stringify(stored, null, 2)}\n`,
    'model.safetensors': encodeSafetensors(arrays, { format: config.format }, { half }),
    ...(encoder.name === 'onnx' && { [GRAPH]: readFileSync(encoder.file) }),
  };
  const manifest = { files: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, sha256(file)])) };
  replaceFolder(dir, { ...files, 'README.md': card, 'manifest.json': `${JSON.stringify(manifest, null, 2)}\n` });
}

/** The model card of a checkpoint. */
export const readCard = (dir: string): string => new TextDecoder().decode(read(dir, 'README.md'));

/** Reads a checkpoint; refuses one that is missing, truncated, altered, of the wrong shape or not finite. */
export function loadCheckpoint(dir: string): Checkpoint {
  recoverFolder(dir);
  const files = Object.fromEntries([...FILES, 'manifest.json'].map((name) => [name, read(dir, name)]));
  const manifest = manifestFormat.safeParse(parse(dir, 'manifest.json', files['manifest.json']!));
  if (!manifest.success) throw damaged(dir, 'manifest.json does not list checksums');
  const verify = (name: string, file: Uint8Array) => {
    const [expected, actual] = [manifest.data.files[name], sha256(file)];
    if (expected !== actual)
      throw damaged(dir, `${name} does not match its checksum (${short(expected)}, got ${short(actual)})`);
  };
  for (const name of FILES) verify(name, files[name]!);
  const config = modelConfig.safeParse(parse(dir, 'config.json', files['config.json']!));
  if (!config.success) throw damaged(dir, `config.json: ${z.prettifyError(config.error).replaceAll('\n', ' ')}`);
  const { encoder } = config.data;
  if (encoder.name === 'onnx') {
    verify(GRAPH, read(dir, GRAPH));
    encoder.file = resolve(dir, GRAPH);
  }
  return {
    config: config.data,
    params: decode(dir, config.data, files['model.safetensors']!),
    hash: manifest.data.files['model.safetensors']!,
  };
}

function decode(dir: string, config: ModelConfig, file: Uint8Array): Record<string, Float32Array> {
  let arrays: NamedArrays;
  try {
    arrays = decodeSafetensors(file);
  } catch (cause) {
    throw damaged(dir, `model.safetensors: ${(cause as Error).message}`, cause);
  }
  const params: Record<string, Float32Array> = {};
  for (const [name, spec] of Object.entries(checkpointShapes(config))) {
    const array = arrays[name];
    const wanted = `[${(spec as readonly number[]).join(', ')}]`;
    if (array === undefined) throw damaged(dir, `model.safetensors lacks ${name} ${wanted}`);
    const got = `[${array.shape.join(', ')}]`;
    if (got !== wanted) throw damaged(dir, `${name} must have shape ${wanted}, got ${got}`);
    if (!array.data.every(Number.isFinite)) throw damaged(dir, `${name} holds a value that is not a finite number`);
    params[name] = array.data;
  }
  return params;
}

function read(dir: string, name: string): Uint8Array {
  try {
    return readFileSync(join(dir, name));
  } catch (cause) {
    throw damaged(dir, `${name} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'})`, cause);
  }
}

function parse(dir: string, name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw damaged(dir, `${name} is not JSON`, cause);
  }
}

const damaged = (dir: string, reason: string, cause?: unknown) =>
  new DamagedCheckpoint(`checkpoint ${dir}: ${reason}`, {
    cause,
    hint: 'restore the folder from where it came, or train it again with premotor train',
  });

const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');
const short = (hash: string | undefined) => hash?.slice(0, 12) ?? 'none listed';
