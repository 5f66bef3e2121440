import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { EngineUnavailable, UsageError } from '../errors.ts';
import { loadRuntime, type RuntimeOptions, sessionOptions } from './onnx-runtime.ts';
import type { Runtime } from './onnx-session.ts';

/** How a graph that was made elsewhere takes pictures, and what it makes of one. */
export type PictureGraph = {
  readonly input: string;
  readonly output: string;
  readonly layout: 'nhwc' | 'nchw';
  readonly dtype: 'float32' | 'uint8';
  readonly imageSize: number;
  /** Pictures at a time; any number unless given. */
  readonly batch?: number;
  /** Numbers of an output row, all that is not the batch flattened; where the graph says so. */
  readonly rowSize?: number;
};

/** Pictures `[N, ...]` in the graph's layout in, rows `[N, D]` out. */
export interface OpenedGraph {
  readonly graph: PictureGraph;
  run(pictures: Float32Array | Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens an ONNX file on ONNX Runtime, native or else in WebAssembly. Throws `UsageError` for one that does not take pictures. */
export async function openOnnxFile(bytes: Uint8Array, name: string, threads = 1): Promise<OpenedGraph> {
  const { runtime, options } = await runtimeFor(threads);
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(bytes, options);
  } catch (cause) {
    throw new UsageError(`${name} is no ONNX graph that can be opened: ${firstLine(cause)}`, { cause });
  }
  const graph = describe(session, name);
  const { input, output, layout, dtype, imageSize } = graph;
  const side = layout === 'nhwc' ? [imageSize, imageSize, 3] : [3, imageSize, imageSize];
  return {
    graph,
    async run(pictures, count) {
      const found = await session.run(
        { [input]: new runtime.Tensor(dtype as 'float32', pictures as Float32Array, [count, ...side]) },
        [output],
      );
      return (found[output] as TypedTensor<'float32'>).data;
    },
    dispose: () => session.release(),
  };
}

async function runtimeFor(threads: number): Promise<{ runtime: Runtime; options: InferenceSession.SessionOptions }> {
  const choices: RuntimeOptions[] = [
    { runtime: 'node', threads, executionProviders: ['cpu'] },
    { runtime: 'web', threads, executionProviders: ['wasm'] },
  ];
  for (const choice of choices) {
    try {
      return { runtime: await loadRuntime(choice), options: sessionOptions(choice) };
    } catch {} // the next one
  }
  throw new EngineUnavailable('ONNX Runtime cannot be loaded', { hint: 'npm install onnxruntime-node' });
}

function describe(session: InferenceSession, name: string): PictureGraph {
  const [given, ...more] = session.inputMetadata;
  const made = session.outputMetadata[0];
  const told = given?.isTensor ? `${given.type} [${given.shape.join(', ')}]` : 'nothing';
  const refuse = (got: string): never => {
    throw new UsageError(`${name} must take one square picture, [N, S, S, 3] or [N, 3, S, S], got ${got}`, {
      hint: 'export the graph with the size of its picture fixed, and nothing but pixels to give it',
    });
  };
  if (!given?.isTensor || !made?.isTensor || given.shape.length !== 4) return refuse(told);
  if (more.length > 0) return refuse(`${session.inputNames.length} inputs`);
  if (given.type !== 'float32' && given.type !== 'uint8') return refuse(told);
  const [batch, ...side] = given.shape;
  const layout = side[2] === 3 ? 'nhwc' : 'nchw';
  const [height, width, channels] = layout === 'nhwc' ? side : [side[1], side[2], side[0]];
  if (channels !== 3 || typeof height !== 'number' || height !== width) return refuse(told);
  const row = made.shape.slice(1);
  const known = row.every((size): size is number => typeof size === 'number');
  return {
    ...{ input: given.name, output: made.name, layout, dtype: given.type, imageSize: height },
    ...(typeof batch === 'number' && batch > 0 && { batch }),
    ...(known && { rowSize: row.reduce((a, b) => a * b, 1) }),
  };
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0];
