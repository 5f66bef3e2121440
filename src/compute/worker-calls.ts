import type { MessagePort, Worker } from 'node:worker_threads';
import { EngineUnavailable } from '../errors.ts';

// biome-ignore lint/suspicious/noExplicitAny: what handlers take is between the caller and the worker's module
type Handlers = Readonly<Record<string, (argument: any) => Promise<unknown>>>;
type Call = { readonly id: number; readonly method: string; readonly argument: unknown };
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: unknown };

/** Answers calls, one after the other in the order of arrival. */
export function serve(port: MessagePort, handlers: Handlers): void {
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', ({ id, method, argument }: Call) => {
    last = last.then(async () => {
      try {
        port.postMessage({ id, result: await handlers[method]!(argument) } satisfies Answer);
      } catch (error) {
        port.postMessage({ id, error } satisfies Answer);
      }
    });
  });
}

/** Calls into a worker thread. */
export interface Calls {
  /** Rejects with what the handler threw, or with `EngineUnavailable` once the worker has died. Arrays are copied. */
  call<Result>(method: string, argument?: unknown): Promise<Result>;
  /** Waits for the calls under way, then ends the worker. */
  close(): Promise<void>;
}

/** The caller's side of `serve`. The worker keeps the process alive only while a call is under way. */
export function callsTo(worker: Worker, what: string): Calls {
  const pending = new Map<number, { resolve: (result: never) => void; reject: (error: unknown) => void }>();
  let count = 0;
  let lost: EngineUnavailable | undefined;
  let idle = () => {};

  const settled = () => {
    if (pending.size > 0) return;
    worker.unref();
    idle();
  };
  const lose = (reason: string, cause?: unknown) => {
    lost ??= new EngineUnavailable(`${what} ${reason}`, cause === undefined ? {} : { cause });
    for (const { reject } of pending.values()) reject(lost);
    pending.clear();
    settled();
  };
  worker.on('message', ({ id, result, error }: Answer) => {
    const call = pending.get(id);
    pending.delete(id);
    if (error !== undefined) call?.reject(error);
    else call?.resolve(result as never);
    settled();
  });
  worker.on('error', (error) => lose(`died: ${error instanceof Error ? error.message : String(error)}`, error));
  worker.on('messageerror', (error) => lose('sent what cannot be read', error));
  worker.on('exit', (code) => lose(`ended with code ${code}`));
  worker.unref();

  return {
    call(method, argument) {
      if (lost !== undefined) return Promise.reject(lost);
      return new Promise((resolve, reject) => {
        const id = count++;
        worker.postMessage({ id, method, argument } satisfies Call); // throws before anything waits if it cannot be sent
        pending.set(id, { resolve, reject });
        worker.ref();
      });
    },
    async close() {
      if (pending.size > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
      lost ??= new EngineUnavailable(`${what} was disposed`);
      await worker.terminate();
    },
  };
}
