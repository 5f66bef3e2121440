import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-common';
import type { Runtime } from './onnx-session.ts';

export type RuntimeName = 'node' | 'web';
export type RuntimeOptions = {
  readonly runtime: RuntimeName;
  readonly threads: number;
  /** ONNX Runtime's names, best first: `cpu`, `webgpu`, `cuda`. */
  readonly executionProviders: readonly string[];
};

/** Loads ONNX Runtime: the native one, or the one in WebAssembly. Throws what the import throws. */
export async function loadRuntime({ runtime, threads }: RuntimeOptions): Promise<Runtime> {
  const optional: string = 'onnxruntime-node'; // as a value: the build must not need what may not be installed
  if (runtime === 'node') return (await import(optional)) as unknown as Runtime;
  const web = await import('onnxruntime-web');
  web.env.wasm.numThreads = Math.min(threads, availableParallelism());
  web.env.wasm.proxy = false;
  return web as unknown as Runtime;
}

export function sessionOptions({
  runtime,
  threads,
  executionProviders,
}: RuntimeOptions): InferenceSession.SessionOptions {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [...executionProviders],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
  };
  // In WebAssembly threads are set once for the whole runtime.
  return runtime === 'web' ? options : { ...options, intraOpNumThreads: threads, interOpNumThreads: 1 };
}
