import { existsSync } from 'node:fs';
import { replaceFolder } from '../data/atomic.ts';
import { UsageError } from '../errors.ts';
import { exportOnnx } from '../planner/export-onnx.ts';
import { loadCheckpoint } from '../worldmodel/checkpoint.ts';
import type { ExportSettings } from './commands/export.ts';
import type { Outcome } from './verb.ts';

/** Writes the ONNX files of a checkpoint, and `interface.json`: the inputs and outputs of each, and how actions are normalised. */
export function exportCheckpoint({ checkpoint, onnx: dir, ...options }: ExportSettings): Outcome {
  if (existsSync(dir)) throw new UsageError(`${dir} exists`, { hint: 'name a new folder with --onnx' });
  const model = loadCheckpoint(checkpoint);
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
    json: { dir, ...described },
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
