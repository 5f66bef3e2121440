import { EngineUnavailable } from '../errors.ts';
import { siblingWorker } from '../spawn.ts';
import { checkFeedback, inputCheck } from './checks.ts';
import type { Engine, Outputs } from './engine.ts';
import { loadRuntime, type RuntimeName, type RuntimeOptions, sessionOptions } from './onnx-runtime.ts';
import { openSession, type ProgramSource, type Session } from './onnx-session.ts';
import { trace } from './trace.ts';
import { callsTo } from './worker-calls.ts';

export type OnnxOptions = {
  /** `node`: native code; `web`: WebAssembly. */
  readonly runtime?: RuntimeName;
  readonly threads?: number;
  /** ONNX Runtime's names, best first: `cpu`, and where installed `webgpu`, `cuda`. */
  readonly executionProviders?: readonly string[];
  /** Runs in the caller's thread: for a process that does nothing else. */
  readonly blocking?: boolean;
};

/** Opens graphs, wherever they run. */
type Host = { open(source: ProgramSource): Promise<Session>; close(): Promise<void> };

/**
 * Traces tensor functions to ONNX in the caller's thread and runs them in a worker thread of its own. Programs of one
 * engine run one at a time. Throws `EngineUnavailable` if ONNX Runtime cannot be loaded.
 */
export async function onnxEngine({
  runtime = 'node',
  threads = 2,
  executionProviders = [runtime === 'web' ? 'wasm' : 'cpu'],
  blocking = false,
}: OnnxOptions = {}): Promise<Engine> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`threads must be a positive integer, got ${threads}`);
  const options = { runtime, threads, executionProviders };
  const name = `onnx (onnxruntime-${runtime}, ${executionProviders.join('/')}, ${threads} thread${threads === 1 ? '' : 's'})`;
  const host = await (blocking ? hostHere(options) : hostInWorker(options)).catch((cause: Error) => {
    throw new EngineUnavailable(`onnxruntime-${runtime} cannot be loaded: ${firstLine(cause)}`, {
      hint: `npm install onnxruntime-${runtime}, or choose another engine (premotor doctor lists them)`,
      cause,
    });
  });

  return {
    name,
    blocking,
    async compile(fn, specs, { feedback = {}, constants } = {}) {
      const { bytes, inputs, outputs } = trace(fn, specs, constants);
      checkFeedback(feedback, inputs, outputs);
      const check = inputCheck(inputs);
      const session = await host.open({ bytes, inputs, outputs, feedback });
      let last: Promise<unknown> = Promise.resolve();
      return {
        async run(given) {
          check.accept(given);
          const running = session.run(given);
          last = running.catch(() => {});
          return await running;
        },
        async read(names) {
          check.acceptRead(names);
          return await session.read(names);
        },
        dispose: () => last.then(() => session.release()), // what runs is run to its end
      };
    },
    dispose: () => host.close(),
  };
}

async function hostInWorker(options: RuntimeOptions): Promise<Host> {
  const calls = callsTo(siblingWorker(import.meta.url, 'onnx-runner', { workerData: options }), 'the onnx worker');
  await calls.call('ready').catch(async (error: EngineUnavailable) => {
    await calls.close();
    throw error.cause ?? error;
  });
  return {
    async open(source) {
      const id = await calls.call<number>('compile', source);
      let released: Promise<void> | undefined;
      return {
        run: (inputs) => calls.call<Outputs>('run', { id, inputs }),
        read: (names) => calls.call<Outputs>('read', { id, names }),
        release: () => {
          released ??= calls.call<void>('release', id).catch(() => {}); // a dead worker holds nothing
          return released;
        },
      };
    },
    close: () => calls.close(),
  };
}

async function hostHere(options: RuntimeOptions): Promise<Host> {
  const runtime = await loadRuntime(options);
  const open = new Set<Session>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  return {
    async open(source) {
      const session = await inTurn(() =>
        openSession(runtime, source, sessionOptions(options), options.runtime === 'node'),
      );
      open.add(session);
      return {
        run: (inputs) => {
          const copies = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.slice()]));
          return inTurn(() => session.run(copies));
        },
        read: (names) => inTurn(() => session.read(names)),
        release: () => inTurn(async () => void (open.delete(session) && (await session.release()))),
      };
    },
    close: () => inTurn(async () => void (await Promise.all([...open].map((session) => session.release())))),
  };
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0];
