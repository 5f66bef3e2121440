import { existsSync } from 'node:fs';
import { replaceFolder } from '../data/atomic.ts';
import { UsageError } from '../errors.ts';
import { type ExportOptions, exportOnnx } from '../planner/export-onnx.ts';
import { type Checkpoint, loadCheckpoint, readCard, saveCheckpoint } from '../worldmodel/checkpoint.ts';
import type { ExportSettings } from './commands/export.ts';
import type { Outcome } from './verb.ts';

/** Writes what is asked for of a checkpoint, into new folders. */
export function exportCheckpoint({ checkpoint, onnx, half, ...options }: ExportSettings): Outcome {
  if (onnx === undefined && half === undefined) throw new UsageError('export needs --onnx or --half, got neither');
  for (const dir of [onnx, half]) {
    if (dir !== undefined && existsSync(dir)) throw new UsageError(`${dir} exists`, { hint: 'name a new folder' });
  }
  const model = loadCheckpoint(checkpoint);
  const parts = [
    ...(onnx === undefined ? [] : [toOnnx(model, onnx, options)]),
    ...(half === undefined ? [] : [toHalf(model, checkpoint, half)]),
  ];
  return {
    json: Object.assign({}, ...parts.map(({ json }) => json)),
    summary: parts.flatMap(({ summary }) => summary),
  };
}

/** The same checkpoint with its weights in half precision. */
function toHalf(model: Checkpoint, from: string, dir: string): Outcome {
  const card = readCard(from);
  saveCheckpoint(dir, model, `${card}\nWeights are stored in half precision.\n`, { half: true });
  return { json: { half: dir, hash: loadCheckpoint(dir).hash }, summary: [`checkpoint in half precision in ${dir}`] };
}

/** The ONNX files, and `interface.json`: the inputs and outputs of each, and how actions are normalised. */
function toOnnx(model: Checkpoint, dir: string, options: ExportOptions): Outcome {
  const graphs = Object.entries(exportOnnx(model, options));
  const { task, imageSize, frameskip, periodMs, action } = model.config;
  const described = {
    checkpoint: model.hash,
    task,
    imageSize,
    frameskip,
    periodMs,
    action,
    graphs: Object.fromEntries(graphs.map(([name, { inputs, outputs }]) => [name, { inputs, outputs }])),
  };
  replaceFolder(dir, {
    ...Object.fromEntries(graphs.map(([name, { bytes }]) => [`${name}.onnx`, bytes])),
    'interface.json': `${JSON.stringify(described, null, 2)}\n`,
  });
  const size = (bytes: Uint8Array) => `${(bytes.length / 2 ** 20).toFixed(1)} MiB`;
  return {
    json: { onnx: dir, ...described },
    summary: [
      ...graphs.map(
        ([name, { bytes, inputs, outputs }]) => `${name}.onnx  ${size(bytes)}  ${told(inputs)} -> ${told(outputs)}`,
      ),
      `in ${dir}; interface.json says what goes in and comes out, and how actions are normalised`,
    ],
  };
}

const told = (ports: Readonly<Record<string, readonly number[]>>) =>
  Object.entries(ports)
    .map(([name, shape]) => `${name} [${shape.join(', ')}]`)
    .join(', ');
