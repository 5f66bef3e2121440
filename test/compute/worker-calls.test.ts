import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { type Calls, callsTo } from '../../src/compute/worker-calls.ts';
import { EngineUnavailable } from '../../src/errors.ts';
import { siblingWorker } from '../../src/spawn.ts';

describe('callsTo', () => {
  let calls: Calls;
  const open = () => {
    calls = callsTo(siblingWorker(import.meta.url, 'worker-calls-fixture'), 'the fixture');
    return calls;
  };
  afterEach(() => calls.close());

  it('answers in the order of the calls, and keeps the kind of an error', async () => {
    const { call } = open();
    const order: number[] = [];
    const slow = call<number>('sleep', 20).then((ms) => order.push(ms));
    const fast = call<number>('sleep', 0).then((ms) => order.push(ms));
    await expect(call('fail', 'too long')).rejects.toThrow(new RangeError('too long'));
    await Promise.all([slow, fast]);
    expect(order).toEqual([20, 0]);
  });

  it('gives up what waits when the worker dies, and refuses what comes after', async () => {
    const { call } = open();
    const [dying, waiting] = [call('exit', 3), call('sleep', 1)];
    await expect(dying).rejects.toThrow(new EngineUnavailable('the fixture ended with code 3'));
    await expect(waiting).rejects.toThrow(EngineUnavailable);
    await expect(call('sleep', 0)).rejects.toThrow(EngineUnavailable);
  });

  it('says how a worker died that threw', async () => {
    calls = callsTo(new Worker('throw new Error("no library")', { eval: true }), 'the fixture');
    await expect(calls.call('sleep', 0)).rejects.toThrow('the fixture died: no library');
  });

  it('waits for what is under way before it ends', async () => {
    const { call, close } = open();
    const last = call('sleep', 20);
    await close();
    expect(await last).toBe(20);
    await expect(call('sleep', 0)).rejects.toThrow('the fixture was disposed');
  });
});
