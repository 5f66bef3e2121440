import { EngineUnavailable, UsageError } from '../errors.ts';
import type { Engine } from './engine.ts';

export const ENGINES = ['onnx', 'onnx-web', 'tfjs-node-gpu', 'tfjs-node', 'tfjs-wasm', 'tfjs-cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Threads = number | { readonly native: number; readonly web: number };

/** Each loads its own packages, and nothing else. */
const openers: Record<EngineName, (threads: number) => Promise<Engine>> = {
  onnx: async (threads) => (await import('./onnx-engine.ts')).onnxEngine({ runtime: 'node', threads }),
  'onnx-web': async (threads) => (await import('./onnx-engine.ts')).onnxEngine({ runtime: 'web', threads }),
  'tfjs-node-gpu': async () => (await import('./tfjs-engine.ts')).tfjsEngine({ backend: 'node-gpu' }),
  'tfjs-node': async () => (await import('./tfjs-engine.ts')).tfjsEngine({ backend: 'node' }),
  'tfjs-wasm': async () => (await import('./tfjs-engine.ts')).tfjsEngine({ backend: 'wasm' }),
  'tfjs-cpu': async () => (await import('./tfjs-engine.ts')).tfjsEngine({ backend: 'cpu' }),
};

/**
 * The engine of that name, or with `auto` the fastest that runs here. Throws `UsageError` for a name that is none, and
 * `EngineUnavailable` for one that cannot run here: an engine asked for by name is never replaced by another.
 */
export async function openEngine({
  engine = 'auto',
  threads = 2,
}: {
  readonly engine?: string;
  /** One number for all, or one for native code and one for WebAssembly, whose matrix products are slower. */
  readonly threads?: Threads;
} = {}): Promise<Engine> {
  const threadsOf = (name: string) =>
    typeof threads === 'number' ? threads : name === 'onnx-web' ? threads.web : threads.native;
  if (engine !== 'auto') return await opener(engine)(threadsOf(engine));
  const reasons: string[] = [];
  for (const name of ENGINES) {
    try {
      return await openers[name](threadsOf(name));
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error;
      reasons.push(`${name}: ${error.message}`);
    }
  }
  throw new EngineUnavailable(`no engine can run here (${reasons.join('; ')})`, {
    hint: 'npm install onnxruntime-node',
  });
}

function opener(name: string): (threads: number) => Promise<Engine> {
  const found = Object.entries(openers).find(([known]) => known === name);
  if (found === undefined) throw new UsageError(`engine must be one of auto, ${ENGINES.join(', ')}, got ${name}`);
  return found[1];
}

/** Tries every engine: which can run here, and what stands in the way of the others. */
export async function surveyEngines(): Promise<{ name: EngineName; available: boolean; reason: string }[]> {
  const survey: { name: EngineName; available: boolean; reason: string }[] = [];
  for (const name of ENGINES) {
    try {
      const engine = await openers[name](1);
      survey.push({ name, available: true, reason: engine.name });
      await engine.dispose();
    } catch (error) {
      survey.push({ name, available: false, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return survey;
}
