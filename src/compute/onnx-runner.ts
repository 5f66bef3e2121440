/** The worker thread that ONNX programs run in, so that they do not block the caller's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadRuntime, type RuntimeOptions, sessionOptions } from './onnx-runtime.ts';
import { openSession, type ProgramSource, type Session } from './onnx-session.ts';
import { serve } from './worker-calls.ts';

const options = workerData as RuntimeOptions;
const runtime = await loadRuntime(options);
const sessions = new Map<number, Session>();
let count = 0;

const session = (id: number): Session => {
  const found = sessions.get(id);
  if (found === undefined) throw new Error(`program ${id} was disposed`);
  return found;
};

serve(parentPort!, {
  ready: async () => true,
  compile: async (source: ProgramSource) => {
    sessions.set(count, await openSession(runtime, source, sessionOptions(options), options.runtime === 'node'));
    return count++;
  },
  run: ({ id, inputs }: { id: number; inputs: Parameters<Session['run']>[0] }) => session(id).run(inputs),
  read: ({ id, names }: { id: number; names: readonly string[] }) => session(id).read(names),
  release: async (id: number) => {
    await session(id).release();
    sessions.delete(id);
  },
});
